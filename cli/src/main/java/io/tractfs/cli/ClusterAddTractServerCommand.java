package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.ClusterLock;
import io.tractfs.cli.cluster.ClusterPlan;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.Readiness;
import io.tractfs.cli.cluster.ServerName;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster add-tract-server}: one more server, formatted and started. Confined to the command's thread. */
@Command(
        name = "add-tract-server",
        description = "Adds a tract server, starts it, returns when its stores are live, and prints its name.",
        mixinStandardHelpOptions = true)
final class ClusterAddTractServerCommand implements Callable<Integer> {
    private static final long REPORT_MS = 5_000;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 120;

    @Override
    public Integer call() throws CommandFailure {
        ClusterLock.hold(cluster.open().directory(), () -> System.out.println(add(cluster.open())));
        return 0;
    }

    private ServerName add(Cluster opened) throws CommandFailure {
        Progress progress = Progress.standard();
        ClusterPlan larger = opened.plan().withTractServers(opened.plan().tractServers() + 1);
        if (larger.tractServers() > ClusterPlan.MAX_TRACT_SERVERS || !larger.fits()) {
            throw new CommandFailure("There is no port left for one more server.");
        }
        opened.replan(larger);
        Daemon daemon = opened.daemon("tract-" + larger.tractServers());
        opened.startOne(daemon, progress);
        try (MetadataProxy metadata = new MetadataProxy(larger.metadataAddresses(), REPORT_MS)) {
            new Readiness(opened, metadata, progress).awaitServer(daemon, timeoutS * 1000L);
        }
        return daemon.name();
    }
}
