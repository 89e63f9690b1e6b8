package io.tractfs.differential;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waits for what a file system does in the background. Immutable. */
final class Waiting {
    private static final int LIMIT_SECONDS = 60;
    private static final long PAUSE_MS = 20;

    private Waiting() {}

    /** A question to a file system. */
    interface Condition {
        /** Asks. */
        boolean holds() throws IOException;
    }

    /** Asks until the answer is yes. */
    static void until(Subject subject, Condition condition) throws IOException {
        if (!isIt(subject, condition, LIMIT_SECONDS)) {
            throw new IOException(subject.name() + " did not finish within " + LIMIT_SECONDS + " s");
        }
    }

    /** Whether the answer is yes in time. */
    static boolean isIt(Subject subject, Condition condition, int seconds) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(seconds)) {
                return false;
            }
            subject.hurry();
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return true;
    }
}
