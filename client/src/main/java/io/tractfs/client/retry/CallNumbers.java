package io.tractfs.client.retry;

import io.tractfs.time.Clock;

/**
 * Numbers calls of one session: the upper 42 bits are the server's time in ms at which the call began, the lower 22 count.
 * By the time the server refuses a call that is older than it keeps results, instead of carrying it out twice (P34).
 * Numbers only grow in the places that the retry cache compares. Thread-safe.
 */
final class CallNumbers {
    /** Bits of the counter. */
    static final int COUNTER_BITS = 22;

    private final Clock clock;
    private boolean known;
    private long serverMs;
    private long learnedMs;
    private long lastMs;
    private long counter;

    /** Numbers without a time, until one is learned. */
    CallNumbers(Clock clock) {
        this.clock = clock;
    }

    /** Whether the server's time is known. */
    synchronized boolean isKnown() {
        return known;
    }

    /** The server's time is this now, ms since 1970; 0 if it does not say. */
    synchronized void learn(long timeMs) {
        known = true;
        serverMs = timeMs;
        learnedMs = clock.monotonicMs();
    }

    /** The number of a call that begins now. */
    synchronized long next() {
        long nowMs = serverMs == 0 ? 0 : serverMs + clock.monotonicMs() - learnedMs;
        lastMs = Math.max(lastMs, nowMs);
        counter++;
        return (lastMs << COUNTER_BITS) | (counter & ((1L << COUNTER_BITS) - 1));
    }
}
