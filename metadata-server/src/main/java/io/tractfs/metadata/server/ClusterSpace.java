package io.tractfs.metadata.server;

/** Space of the cluster, as the stores reported it. Thread-safe. */
@FunctionalInterface
public interface ClusterSpace {
    /** The sums now. */
    Sum now();

    /**
     * Bytes of the whole cluster. Immutable.
     *
     * @param capacity bytes of all stores
     * @param used bytes that tracts take
     * @param remaining bytes that can still be written
     */
    record Sum(long capacity, long used, long remaining) {}
}
