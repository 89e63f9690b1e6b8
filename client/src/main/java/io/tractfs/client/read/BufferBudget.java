package io.tractfs.client.read;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the streams of one JVM have read ahead together. Thread-safe. */
public final class BufferBudget {
    private final AtomicLong used = new AtomicLong();

    /**
     * Takes bytes if they are there.
     *
     * @param limit of all streams together, as the asking one has it configured
     */
    boolean tryTake(long bytes, long limit) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Takes bytes in any case: what a reader needs now is not read ahead. */
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes in use. */
    public long used() {
        return used.get();
    }
}
