package io.tractfs.cli;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Hands a command over to the launcher, which knows the class paths. Stateless, thread-safe. */
final class LauncherRun {
    private LauncherRun() {}

    /** Runs it with this process's input and output; returns its exit status. */
    static int of(String command, List<String> arguments) throws CommandFailure, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(arguments);
        try {
            return new ProcessBuilder(Launcher.ofThisProcess().command(words))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new CommandFailure("Cannot run the launcher: " + e, e);
        }
    }
}
