package io.tractfs.sim.recovery;

import io.tractfs.sim.recovery.RecoveryScenario.Hardware;
import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import io.tractfs.tract.reconcile.ReconcileLimits;
import java.util.List;

/**
 * A recovery that Flat Datacenter Storage measured (OSDI 2012, its table of failure recovery). The only number that the model does
 * not know by itself, {@link #EFFICIENCY}, is chosen so that it gives these times. Immutable.
 *
 * @param disks in the cluster
 * @param failedDisks that were lost
 * @param diskBytes on each of them
 * @param seconds that FDS took
 */
public record FdsMeasurement(int disks, int failedDisks, long diskBytes, double seconds) {
    /** What a disk of FDS did of its bandwidth in sequence while it read and wrote tracts in turns. */
    public static final double EFFICIENCY = 0.60;

    private static final long GB = 1_000_000_000;
    private static final int TRACT_BYTES = 8 << 20;

    /** All of the table. */
    public static final List<FdsMeasurement> ALL = List.of(
            new FdsMeasurement(100, 1, 47 * GB, 19.2),
            new FdsMeasurement(100, 1, 92 * GB, 50.5),
            new FdsMeasurement(1_000, 1, 47 * GB, 3.3),
            new FdsMeasurement(1_000, 1, 92 * GB, 6.2),
            new FdsMeasurement(1_000, 7, 655 * GB / 7, 33.7));

    /** The same cluster in this model. */
    public RecoveryScenario scenario(Placement placement, int sessions) {
        return new RecoveryScenario(
                disks,
                7,
                failedDisks,
                diskBytes,
                TRACT_BYTES,
                RecoveryScenario.defaultRows(disks),
                new Hardware(131_000_000, EFFICIENCY, 1_250_000_000),
                placement,
                sessions,
                ReconcileLimits.DEFAULT,
                1);
    }
}
