package io.tractfs.metadata.assignment;

import java.util.concurrent.TimeUnit;

/**
 * Time in which the leader itself was awake: its own pauses (garbage collection, a frozen machine) do not count against
 * the stores' deadlines (P17). Not thread-safe.
 */
final class ActiveTime {
    /** Longest time between two events of a leader that is awake. */
    static final long TICK_LIMIT_MS = 300;

    private static final long TICK_LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_LIMIT_MS);

    private long last;
    private long paused;

    ActiveTime(long nowNanos) {
        this.last = nowNanos;
    }

    /** The active time at an instant, which is not before the last one asked for. */
    long at(long nowNanos) {
        long gap = nowNanos - last;
        if (gap > TICK_LIMIT_NANOS) {
            paused += gap - TICK_LIMIT_NANOS;
        }
        last = Math.max(last, nowNanos);
        return last - paused;
    }
}
