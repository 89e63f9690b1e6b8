package io.tractfs.sim.recovery;

import java.util.List;

/**
 * What was foreseen. Immutable.
 *
 * @param scenario of what
 * @param seconds from the published plan until every row is in sync
 * @param copiedBytes that were copied
 * @param rows that got another member
 * @param planNanos real time that the planner took, the median of several; 0 where it was not asked
 * @param sources disks that gave something
 * @param targets disks that received something
 * @param busiestDisk part of the time in which the busiest disk worked, 0 to 1
 * @param busiestCard the same of the busiest direction of a network card
 * @param progress part of the bytes that were on disk after each twentieth of the time, 0 to 1
 */
public record RecoveryForecast(
        RecoveryScenario scenario,
        double seconds,
        long copiedBytes,
        int rows,
        long planNanos,
        int sources,
        int targets,
        double busiestDisk,
        double busiestCard,
        List<Double> progress) {
    /** Copies the list. */
    public RecoveryForecast {
        progress = List.copyOf(progress);
    }

    /** Points of {@link #progress}. */
    public static final int POINTS = 20;

    /** Least time that the bandwidth of all disks together allows, each byte being read once and written once. */
    public double leastSeconds() {
        int live = scenario.disks() - scenario.failedDisks();
        return 2.0 * copiedBytes / (live * scenario.hardware().mixedBytesPerSecond());
    }
}
