package io.tractfs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code admin wait}: waits for a state of the cluster. Confined to the command's thread. */
@Command(
        name = "wait",
        description = "Waits until the cluster is in a state.",
        synopsisSubcommandLabel = "STATE",
        mixinStandardHelpOptions = true,
        subcommands = AdminWaitInSyncCommand.class)
final class AdminWaitCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "For which state? There is: in-sync.");
    }
}
