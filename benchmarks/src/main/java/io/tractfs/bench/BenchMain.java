package io.tractfs.bench;

import io.tractfs.cli.console.CommandFailure;
import picocli.CommandLine;

/** The launcher's way in. Confined to the command's thread. */
public final class BenchMain {
    private BenchMain() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command with its subcommands. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpLongOptionsMaxWidth(40);
        commandLine.setExecutionExceptionHandler((failure, line, result) -> {
            if (failure instanceof CommandFailure) {
                line.getErr().println("tractfs: " + failure.getMessage());
                line.getErr().flush();
                return 1;
            }
            throw failure;
        });
        return commandLine;
    }
}
