package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.cluster.ClusterLock;
import io.tractfs.cli.cluster.ClusterShape;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.cluster.Readiness;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster start}: makes a cluster, or brings one back. Confined to the command's thread. */
@Command(
        name = "start",
        description = {
            "Starts a cluster and returns when it serves. In an empty or absent directory a new one is made;",
            "a second start without options brings the same cluster and its data back."
        },
        mixinStandardHelpOptions = true)
final class ClusterStartCommand implements Callable<Integer> {
    private static final long REPORT_MS = 5_000;
    /** How long the stores of a cluster with data may take after it serves. */
    private static final long ALL_STORES_MS = 20_000;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--metadata-servers",
            paramLabel = "N",
            description = "Metadata servers of a new cluster, 1 or 3; 1 by default. Of three, any one may fail.")
    private Optional<Integer> metadataServers = Optional.empty();

    @Option(names = "--tract-servers", paramLabel = "N", description = "Tract servers of a new cluster; 3 by default.")
    private Optional<Integer> tractServers = Optional.empty();

    @Option(names = "--stores-per-server", paramLabel = "S", description = "Stores of each tract server; 1 by default.")
    private Optional<Integer> storesPerServer = Optional.empty();

    @Option(
            names = "--replication",
            paramLabel = "K",
            description = "Columns of the tract table, and copies of files that ask for none; 3 by default.")
    private Optional<Integer> replication = Optional.empty();

    @Option(
            names = "--port-base",
            paramLabel = "P",
            description = "First port; each server has ten. By default 7610, or the next free hundred.")
    private Optional<Integer> portBase = Optional.empty();

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Listen there; 127.0.0.1 by default.")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = {
                "A setting: tract.metadata.* for the metadata server, tract.store.* for tract servers, others for",
                "core-site.xml. Remembered for later starts."
            })
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 120;

    @Override
    public Integer call() throws CommandFailure {
        Progress progress = Progress.standard();
        Cluster opened = openOrCreate();
        ClusterLock.hold(opened.directory(), () -> bringUp(opened, progress, timeoutS * 1000L));
        progress.line("the cluster serves; logs are in " + opened.directory().logs());
        System.out.println(opened.plan().uri());
        return 0;
    }

    private Cluster openOrCreate() throws CommandFailure {
        Launcher launcher = Launcher.ofThisProcess();
        ClusterDirectory directory = cluster.directory();
        ClusterShape shape =
                new ClusterShape(metadataServers, tractServers, storesPerServer, replication, portBase, host, settings);
        if (directory.isCluster()) {
            Cluster opened = Cluster.open(directory, launcher);
            opened.replan(shape.over(opened.plan()));
            return opened;
        }
        return Cluster.create(directory, shape.fresh(), launcher);
    }

    /**
     * Starts what is dead and waits until the cluster serves. A new cluster needs every server; one with data serves
     * without some of its stores, and the user is told.
     */
    static void bringUp(Cluster opened, Progress progress, long timeoutMs) throws CommandFailure {
        requireNoneFrozen(opened);
        List<Daemon> dead = opened.daemons().stream()
                .filter(daemon -> daemon.state() == ProcessTable.State.DEAD)
                .toList();
        boolean fresh = opened.plan().formatted().isEmpty();
        progress.line("starting " + dead.size() + " of " + opened.daemons().size() + " servers");
        try (MetadataProxy metadata = new MetadataProxy(opened.plan().metadataAddresses(), REPORT_MS)) {
            List<String> casualties = opened.start(dead, progress);
            Readiness readiness = new Readiness(opened, metadata, progress);
            if (fresh) {
                readiness.awaitServing(timeoutMs);
            } else {
                awaitWithoutSome(readiness, casualties, progress, timeoutMs);
            }
        } catch (CommandFailure e) {
            if (fresh) {
                opened.end(dead, progress);
            }
            throw e;
        }
    }

    private static void awaitWithoutSome(
            Readiness readiness, List<String> casualties, Progress progress, long timeoutMs) throws CommandFailure {
        readiness.awaitRows(timeoutMs);
        try {
            readiness.awaitServing(casualties.isEmpty() ? ALL_STORES_MS : 0);
        } catch (CommandFailure e) {
            casualties.forEach(casualty -> progress.line("warning: " + casualty));
            progress.line("warning: " + e.getMessage());
        }
    }

    private static void requireNoneFrozen(Cluster opened) throws CommandFailure {
        for (Daemon daemon : opened.daemons()) {
            if (daemon.state() == ProcessTable.State.FROZEN) {
                throw new CommandFailure(daemon.name() + " is frozen; 'tractfs cluster resume' lets it go on.");
            }
        }
    }
}
