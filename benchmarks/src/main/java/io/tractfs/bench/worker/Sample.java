package io.tractfs.bench.worker;

import java.util.Map;

/**
 * What one round of a stage gave. Immutable.
 *
 * @param stage the stage's name
 * @param calls steps that ran
 * @param amount what they did, in the stage's unit
 * @param elapsedNanos from the first step to the end of the last
 * @param client use of the client's process
 * @param servers use of all servers of the side
 * @param allocatedBytes heap that the client allocated
 * @param latencies durations of the steps, as {@link LatencyHistogram#sparse} gives them
 */
public record Sample(
        String stage,
        long calls,
        long amount,
        long elapsedNanos,
        Usage client,
        Usage servers,
        long allocatedBytes,
        Map<Integer, Long> latencies) {
    /** Amount in a second. */
    public double perSecond() {
        return elapsedNanos == 0 ? 0 : amount * 1e9 / elapsedNanos;
    }
}
