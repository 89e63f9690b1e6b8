package io.tractfs.cli;

import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.console.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cluster resume}: SIGCONT to one server. Confined to the command's thread. */
@Command(name = "resume", description = "Lets a frozen server go on (SIGCONT).", mixinStandardHelpOptions = true)
final class ClusterResumeCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "NAME", description = "A server, such as metadata-1 or tract-1.")
    private String name = "";

    @Override
    public Integer call() throws CommandFailure {
        Cluster opened = cluster.open();
        Daemon daemon = opened.daemon(name);
        if (daemon.state() == ProcessTable.State.DEAD) {
            throw new CommandFailure(daemon.name() + " is dead.");
        }
        daemon.signal(ProcessTable.Signal.CONT);
        daemon.awaitState(ProcessTable.State.RUNNING);
        return 0;
    }
}
