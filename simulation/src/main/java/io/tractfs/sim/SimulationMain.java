package io.tractfs.sim;

import picocli.CommandLine;

/** The launcher's way in: {@code tractfs simulate}. Confined to the command's thread. */
public final class SimulationMain {
    private SimulationMain() {}

    /** Runs the command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command with its subcommands. */
    static CommandLine commandLine() {
        return new CommandLine(new SimulateCommand()).setUsageHelpLongOptionsMaxWidth(40);
    }
}
