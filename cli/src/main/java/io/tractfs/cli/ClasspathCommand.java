package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code classpath}: class paths; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "classpath",
        description = {
            "Prints a class path: 'hadoop' (the default) to run Hadoop's own commands with TractFS,",
            "'client' for our jar alone."
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs classpath [--dir DIR] [hadoop|client]")
final class ClasspathCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", description = "Which class path.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("classpath", arguments);
    }
}
