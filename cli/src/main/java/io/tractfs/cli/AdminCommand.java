package io.tractfs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code admin}: questions to a running cluster. Confined to the command's thread. */
@Command(
        name = "admin",
        description = "Looks into a running cluster.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            AdminReportCommand.class,
            AdminRecoveryCommand.class,
            AdminDrainCommand.class,
            AdminGiveUpCommand.class,
            AdminMetadataCommand.class,
            AdminRowsCommand.class,
            AdminSafeModeCommand.class,
            AdminWaitCommand.class
        })
final class AdminCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
