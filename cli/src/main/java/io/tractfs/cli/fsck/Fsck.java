package io.tractfs.cli.fsck;

import io.tractfs.error.TractException;
import java.util.function.LongSupplier;

/**
 * A whole check: the namespace against rows and stores, and, of all of it and as a superuser, the stores against the
 * namespace. Not thread-safe.
 */
final class Fsck {
    private final FsckCluster cluster;
    private final FsckReport report;
    private final LongSupplier nowMs;

    /**
     * A check of a cluster.
     *
     * @param nowMs monotonic milliseconds
     */
    Fsck(FsckCluster cluster, FsckReport report, LongSupplier nowMs) {
        this.cluster = cluster;
        this.report = report;
        this.nowMs = nowMs;
    }

    /**
     * Checks.
     *
     * @return whether nothing is wrong
     * @throws TractException if the path is not there, the caller may not read it, or no metadata server answers
     */
    boolean run(FsckOptions options) throws TractException {
        Summary summary = new Summary();
        FreshTable table = new FreshTable(cluster, nowMs);
        report.begin(options);
        TractCheck check = new TractCheck(cluster, table, options, summary);
        boolean superuser = new NamespaceCheck(cluster, table, check, report, options, summary).run();
        if (superuser && options.path().equals("/")) {
            new OrphanSearch(cluster, report, options, summary).run(table.now());
        }
        report.end(summary, table.recent());
        return summary.isHealthy();
    }
}
