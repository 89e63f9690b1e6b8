package io.tractfs.wire.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of requests that a server holds at once, over all its connections. Whoever finds too few waits in line, and is
 * given his bytes in turn; a request larger than the whole budget is let in alone. The line is as long as there are
 * connections. Thread-safe.
 */
final class ByteBudget {
    private final long maxBytes;
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();
    private long usedBytes;

    private record Waiter(long bytes, Runnable granted) {}

    ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes bytes if there are enough and nobody waits.
     *
     * @param granted run once, on the thread that releases, when the bytes have been taken for whoever had to wait
     * @return whether they were taken at once
     */
    synchronized boolean reserve(long bytes, Runnable granted) {
        if (line.isEmpty() && fits(bytes)) {
            usedBytes += bytes;
            return true;
        }
        line.add(new Waiter(bytes, granted));
        return false;
    }

    /** Gives bytes back, and on to those who wait. */
    void release(long bytes) {
        List<Waiter> served = new ArrayList<>();
        synchronized (this) {
            usedBytes -= bytes;
            for (Waiter first = line.peek(); first != null && fits(first.bytes()); first = line.peek()) {
                usedBytes += first.bytes();
                served.add(line.remove());
            }
        }
        served.forEach(waiter -> waiter.granted().run());
    }

    /** Whether somebody waits for bytes. */
    synchronized boolean isShort() {
        return !line.isEmpty();
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    private boolean fits(long bytes) {
        return usedBytes == 0 || usedBytes + bytes <= maxBytes;
    }
}
