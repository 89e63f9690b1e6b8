package io.tractfs.client.write;

import io.tractfs.client.retry.Backoff;
import java.util.random.RandomGenerator;

/** When a segment's writer looks for a newer table: one refresh at a time, with pauses while none brings news. Confined to its {@link SegmentWriter}. */
final class RefreshPacer {
    private final Backoff pause;
    private final RandomGenerator random;
    private boolean wanted;
    private boolean running;
    private int failures;
    private long nextMs = Long.MIN_VALUE;

    RefreshPacer(Backoff pause, RandomGenerator random) {
        this.pause = pause;
        this.random = random;
    }

    /** Something is amiss that a newer table may explain. */
    void want() {
        wanted = true;
    }

    /** Whether to send a refresh now; if so, it counts as sent. */
    boolean begin(long nowMs) {
        if (!wanted || running || nowMs < nextMs) {
            return false;
        }
        running = true;
        return true;
    }

    /** A refresh was answered. */
    void answered(boolean news, long nowMs) {
        running = false;
        wanted = false;
        failures = news ? 0 : failures + 1;
        nextMs = news ? nowMs : nowMs + pause.delayMs(failures, random);
    }

    /** When the next refresh can be sent; the end of time if none is wanted or one is under way. */
    long dueMs() {
        return wanted && !running ? nextMs : Long.MAX_VALUE;
    }
}
