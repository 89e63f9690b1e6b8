package io.tractfs.cli.fsck;

import io.tractfs.error.TractException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The table, fetched again once it is some seconds old. Not thread-safe. */
final class FreshTable {
    private static final long KEEP_MS = 3_000;

    private final FsckCluster cluster;
    private final LongSupplier nowMs;
    private Optional<ClusterTable> table = Optional.empty();
    private long fetchedMs;

    /**
     * A table that is yet to be fetched.
     *
     * @param nowMs monotonic milliseconds
     */
    FreshTable(FsckCluster cluster, LongSupplier nowMs) {
        this.cluster = cluster;
        this.nowMs = nowMs;
    }

    /** One that is at most some seconds old. */
    ClusterTable recent() throws TractException {
        return table.isEmpty() || nowMs.getAsLong() - fetchedMs > KEEP_MS ? now() : table.get();
    }

    /** One that is fetched now. */
    ClusterTable now() throws TractException {
        ClusterTable fetched = cluster.table();
        fetchedMs = nowMs.getAsLong();
        table = Optional.of(fetched);
        return fetched;
    }
}
