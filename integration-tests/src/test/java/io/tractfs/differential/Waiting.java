package io.tractfs.differential;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waits for what a file system does in the background. Immutable. */
final class Waiting {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MS = 20;

    private Waiting() {}

    /** A question to a file system. */
    interface Condition {
        /** Asks. */
        boolean holds() throws IOException;
    }

    /** Asks until the answer is yes. */
    static void until(Subject subject, Condition condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IOException(subject.name() + " did not finish within a minute");
            }
            subject.hurry();
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
