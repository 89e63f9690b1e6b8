package io.tractfs.time;

import java.util.concurrent.TimeUnit;

/**
 * The only reader of the system's clocks; everything else takes one of these. Timeouts use the monotonic reading,
 * modification times the wall reading. Thread-safe.
 */
public interface Clock {
    /** The machine's clocks. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }
    };

    /** Monotonic, in nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Milliseconds since 1970 in UTC; may jump. */
    long wallMs();

    /** Monotonic, in milliseconds from an arbitrary origin. */
    default long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime());
    }
}
