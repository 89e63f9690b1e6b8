package io.tractfs.cli.cluster;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import java.util.List;
import java.util.function.Function;

/** Waits until a cluster is as it should be, and says what it waits for. Confined to the command's thread. */
public final class Readiness {
    private static final String LIVE = "LIVE";

    private final Cluster cluster;
    private final MetadataProxy metadata;
    private final Progress progress;

    /** Waits for a cluster. */
    public Readiness(Cluster cluster, MetadataProxy metadata, Progress progress) {
        this.cluster = cluster;
        this.metadata = metadata;
        this.progress = progress;
    }

    /** Waits until the metadata server serves, all rows are up, and all stores are live. */
    public void awaitServing(long timeoutMs) throws CommandFailure {
        int stores = cluster.plan().tractServers() * cluster.plan().storesPerServer();
        await(report -> missing(report, stores), timeoutMs, cluster.daemons());
    }

    /** Waits until the metadata server serves and all rows are up, whichever stores that takes. */
    public void awaitRows(long timeoutMs) throws CommandFailure {
        List<Daemon> needed =
                cluster.plan().metadataServers() == 1 ? List.of(cluster.daemon(ServerName.metadata(1))) : List.of();
        await(report -> missing(report, 0), timeoutMs, needed);
    }

    /** Waits until a tract server's stores are live. */
    public void awaitServer(Daemon daemon, long timeoutMs) throws CommandFailure {
        String name = daemon.name().toString();
        int stores = cluster.plan().storesPerServer();
        await(
                report -> {
                    long live = live(report, name);
                    return live >= stores ? "" : live + " of " + stores + " stores of " + name + " are live";
                },
                timeoutMs,
                List.of(daemon));
    }

    /** What is missing for a cluster to serve; empty if nothing is. */
    static String missing(ReportResponse report, int stores) {
        if (!report.getGranted()
                && report.getEpoch() == 0
                && !report.getReadOnlyReason().isEmpty()) {
            return report.getReadOnlyReason();
        }
        if (!report.getGranted()) {
            return "epoch " + report.getEpoch() + " is not granted yet by more than half of the stores";
        }
        if (!report.getReadOnlyReason().isEmpty()) {
            return "the namespace is read-only: " + report.getReadOnlyReason();
        }
        if (report.getRowsDown() > 0 || report.getRowCount() == 0) {
            return report.getRowsDown() + " of " + report.getRowCount() + " rows are not up yet";
        }
        long live = report.getStoresList().stream()
                .filter(store -> store.getState().equals(LIVE))
                .count();
        return live >= stores ? "" : live + " of " + stores + " stores are live";
    }

    private static long live(ReportResponse report, String server) {
        return report.getStoresList().stream()
                .filter(store -> store.getInfo().getServer().equals(server))
                .map(StoreReport::getState)
                .filter(LIVE::equals)
                .count();
    }

    private void await(Function<ReportResponse, String> missing, long timeoutMs, List<Daemon> needed)
            throws CommandFailure {
        long deadline = System.nanoTime() + timeoutMs * 1_000_000;
        String waiting = ask(missing);
        while (!waiting.isEmpty()) {
            progress.now("waiting: " + waiting);
            for (Daemon daemon : needed) {
                if (daemon.state() == ProcessTable.State.DEAD) {
                    throw new CommandFailure(daemon.name() + " is dead.\n" + daemon.lastWords());
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailure("Not ready after " + timeoutMs / 1000 + " s: " + waiting + ". Logs are in "
                        + cluster.directory().logs() + ".");
            }
            Daemon.pause();
            waiting = ask(missing);
        }
        progress.clear();
    }

    private String ask(Function<ReportResponse, String> missing) {
        try {
            return missing.apply(metadata.report(false));
        } catch (TractException e) {
            return metadata.addresses() + " say " + e.code() + ": " + e.getMessage();
        }
    }
}
