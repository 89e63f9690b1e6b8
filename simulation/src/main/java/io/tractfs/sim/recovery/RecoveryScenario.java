package io.tractfs.sim.recovery;

import io.tractfs.tract.reconcile.ReconcileLimits;

/**
 * A cluster, and how much of it fails at once. All bytes have three copies. Immutable.
 *
 * @param disks in the cluster, each a store
 * @param disksPerServer disks that share a network card
 * @param failedDisks disks of the first server, and of the next ones, that fail
 * @param diskBytes bytes on each disk
 * @param tractBytes bytes of a tract
 * @param rows of the tract table
 * @param hardware what the disks and network cards carry
 * @param placement how replacements are chosen
 * @param sessions rows that a store reconciles at once
 * @param limits of each session
 * @param seed of the tracts' spread over rows
 */
public record RecoveryScenario(
        int disks,
        int disksPerServer,
        int failedDisks,
        long diskBytes,
        int tractBytes,
        int rows,
        Hardware hardware,
        Placement placement,
        int sessions,
        ReconcileLimits limits,
        long seed) {
    /** Copies of each byte. */
    public static final int REPLICATION = 3;

    /** Most rows that {@link #defaultRows} gives. */
    private static final int MOST_ROWS = 1 << 20;

    /** How a store is chosen for a column whose member failed. */
    public enum Placement {
        /** By the planner of the metadata server; each tract comes from the holder that has least to give. */
        PLANNED,
        /** At random among the others, as FDS does it (OSDI 2012, section 3.2); a row comes from one of its holders. */
        RANDOM
    }

    /**
     * What the parts carry. Immutable.
     *
     * @param diskBytesPerSecond read or written in sequence
     * @param diskEfficiency what is left of that when a disk reads and writes tracts in turns, 0 to 1
     * @param cardBytesPerSecond a server sends, and receives as many at the same time
     */
    public record Hardware(long diskBytesPerSecond, double diskEfficiency, long cardBytesPerSecond) {
        double mixedBytesPerSecond() {
            return diskBytesPerSecond * diskEfficiency;
        }
    }

    /** As many rows as pairs of disks, a power of two from the table's default size to a million: FDS's rule. */
    public static int defaultRows(int disks) {
        long pairs = (long) disks * disks;
        int rows = 1 << 16;
        while (rows < pairs && rows < MOST_ROWS) {
            rows <<= 1;
        }
        return rows;
    }
}
