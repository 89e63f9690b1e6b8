package io.tractfs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cluster}: a cluster of processes on this machine. Confined to the command's thread. */
@Command(
        name = "cluster",
        description = "A cluster of real processes on this machine, kept in one directory.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClusterStartCommand.class,
            ClusterStopCommand.class,
            ClusterStatusCommand.class,
            ClusterKillCommand.class,
            ClusterFreezeCommand.class,
            ClusterResumeCommand.class,
            ClusterRestartCommand.class,
            ClusterAddTractServerCommand.class
        })
final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
