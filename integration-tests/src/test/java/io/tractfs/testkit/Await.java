package io.tractfs.testkit;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a cluster brings about by itself, with a generous bound. Stateless. */
public final class Await {
    private static final long LIMIT_SECONDS = 120;
    private static final long PAUSE_MS = 100;

    private Await() {}

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it is. */
        boolean holds() throws IOException;
    }

    /** Returns once the condition holds; fails with its name if it does not in two minutes. */
    public static void until(String name, Condition condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("Not within " + LIMIT_SECONDS + " s: " + name);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
        }
    }
}
