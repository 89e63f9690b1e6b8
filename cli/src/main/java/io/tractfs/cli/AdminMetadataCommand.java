package io.tractfs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code admin metadata}: copies of the namespace. Confined to the command's thread. */
@Command(
        name = "metadata",
        description = "Copies of the namespace, apart from the metadata servers.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            AdminMetadataBackupCommand.class,
            AdminMetadataVerifyCommand.class,
            AdminMetadataRestoreCommand.class,
            AdminMetadataConfirmCommand.class
        })
final class AdminMetadataCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
