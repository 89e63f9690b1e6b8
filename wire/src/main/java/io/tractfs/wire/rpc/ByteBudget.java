package io.tractfs.wire.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of requests that a server holds at once, over all its connections. Whoever is refused waits to be woken; a
 * request larger than the whole budget is let in alone. Thread-safe.
 */
final class ByteBudget {
    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Queue<Runnable> waiters = new ConcurrentLinkedQueue<>();

    ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes bytes if there are enough. If not, {@code waiter} is run once, on any thread, when it is worth trying. */
    boolean tryReserve(long bytes, Runnable waiter) {
        if (take(bytes)) {
            return true;
        }
        waiters.add(waiter);
        // What was released between the two lines above has woken nobody.
        wakeIfRoom();
        return false;
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
        wakeIfRoom();
    }

    long usedBytes() {
        return usedBytes.get();
    }

    private boolean take(long bytes) {
        long used = usedBytes.get();
        while (used == 0 || used + bytes <= maxBytes) {
            if (usedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
            used = usedBytes.get();
        }
        return false;
    }

    private void wakeIfRoom() {
        // A quarter must be free, so that a full server does not wake everybody for every small request.
        if (waiters.isEmpty() || usedBytes.get() > maxBytes / 4 * 3) {
            return;
        }
        for (int left = waiters.size(); left > 0; left--) {
            Runnable waiter = waiters.poll();
            if (waiter == null) {
                return;
            }
            waiter.run();
        }
    }
}
