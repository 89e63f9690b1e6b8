package io.tractfs.wire.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands things from any thread to one event loop, with one task for all that came since the last: so many small calls
 * share a wake-up and a flush. The caller bounds how many things there are. Adding is thread-safe, taking is confined to
 * the loop.
 */
final class LoopQueue<T> {
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Executor loop;
    private final Runnable drain;
    private final Consumer<T> rejected;

    /**
     * A queue to a loop.
     *
     * @param drain run on the loop after things were added
     * @param rejected given what can no longer be handed over, because the loop has ended
     */
    LoopQueue(Executor loop, Runnable drain, Consumer<T> rejected) {
        this.loop = loop;
        this.drain = drain;
        this.rejected = rejected;
    }

    void add(T thing) {
        queue.add(thing);
        wake();
    }

    @Nullable
    T poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    private void wake() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this::run);
            } catch (RejectedExecutionException e) {
                scheduled.set(false);
                rejectAll();
            }
        }
    }

    private void rejectAll() {
        for (T thing = queue.poll(); thing != null; thing = queue.poll()) {
            rejected.accept(thing);
        }
    }

    private void run() {
        // Cleared first: what is added from here on gets a task of its own.
        scheduled.set(false);
        drain.run();
    }
}
