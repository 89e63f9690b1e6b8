package io.tractfs.cli.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The script that starts everything on its class path, and which started this process too. Immutable.
 *
 * @param script path of {@code bin/tractfs}
 */
public record Launcher(Path script) {
    private static final String HOME = "tractfs.home";

    /**
     * The launcher of this process.
     *
     * @throws CommandFailure if this process was started without it
     */
    public static Launcher ofThisProcess() throws CommandFailure {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new CommandFailure("Start this with bin/tractfs: the system property " + HOME + " is not set.");
        }
        return new Launcher(Path.of(home, "bin", "tractfs"));
    }

    /** Whether Spark can be run: a checkout fetches it, a distribution needs {@code SPARK_HOME}. */
    public boolean hasSpark() {
        return !Files.isDirectory(script.resolveSibling("../lib")) || System.getenv("SPARK_HOME") != null;
    }

    /** The command line that runs a command. */
    public List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(arguments);
        return command;
    }
}
