package io.tractfs.client.retry;

import java.util.random.RandomGenerator;

/**
 * Pauses that double from the least to the most, each spread by half up and down so that clients do not come back in
 * step. Immutable.
 *
 * @param leastMs pause after the first failure
 * @param mostMs longest pause
 */
public record Backoff(long leastMs, long mostMs) {
    private static final int MOST_DOUBLINGS = 20;

    /**
     * The pause after some failures in a row.
     *
     * @param failures at least 1
     */
    public long delayMs(int failures, RandomGenerator random) {
        long full = Math.min(mostMs, leastMs << Math.min(failures - 1, MOST_DOUBLINGS));
        return full / 2 + random.nextLong(full + 1);
    }
}
