package io.tractfs.bench.faults;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client that does one thing after the other until it is stopped, and knows how long the longest took. Owns a thread.
 * Thread-safe.
 */
final class LongestPause implements AutoCloseable {
    /** What it does. */
    @FunctionalInterface
    interface Deed {
        /** Does it once. */
        void run(Random random) throws IOException;
    }

    private static final long JOIN_MS = 180_000;

    private final Thread thread;
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong begunNanos = new AtomicLong(System.nanoTime());
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile boolean stopped;

    LongestPause(String name, Deed deed) {
        thread = new Thread(() -> repeat(deed), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void repeat(Deed deed) {
        Random random = new Random(1);
        try {
            while (!stopped) {
                long start = System.nanoTime();
                begunNanos.set(start);
                deed.run(random);
                longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    /** Forgets what was before. */
    void reset() {
        longestNanos.set(0);
    }

    /** Whether the deed under way began after a time, or none will come any more. */
    boolean isPast(long nanos) {
        return begunNanos.get() - nanos > 0 || failure.get() != null;
    }

    /** What ended it before it was stopped; empty if nothing did. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** The longest in seconds; one under way counts as long as it has lasted, one that failed as infinite. */
    double seconds() {
        if (failure.get() != null) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(longestNanos.get(), System.nanoTime() - begunNanos.get()) / 1e9;
    }

    /** Lets the deed under way end. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
