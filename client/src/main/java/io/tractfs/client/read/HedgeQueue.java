package io.tractfs.client.read;

import io.tractfs.client.transport.Timer;
import io.tractfs.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that all wait equally long and nearly all turn out not to be needed: they stand in a queue in the order in which
 * they fall due, and one timer task looks at its head. So a read that is answered in time costs the timer nothing.
 * Thread-safe.
 */
final class HedgeQueue {
    private final Timer timer;
    private final Clock clock;
    private final long delayMs;
    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean armed = new AtomicBoolean();

    private record Entry(Hedge hedge, long dueMs) {}

    /** Something that may have to be done. */
    interface Hedge {
        /** Whether it is not needed any more. */
        boolean isOver();

        /** Does it; called at most once. */
        void fire();
    }

    HedgeQueue(Timer timer, Clock clock, long delayMs) {
        this.timer = timer;
        this.clock = clock;
        this.delayMs = delayMs;
    }

    void add(Hedge hedge) {
        queue.add(new Entry(hedge, clock.monotonicMs() + delayMs));
        if (armed.compareAndSet(false, true)) {
            Timer.Cancellation unused = timer.after(delayMs, this::sweep);
        }
    }

    private void sweep() {
        long nowMs = clock.monotonicMs();
        @Nullable Entry head = queue.peek();
        while (head != null && (head.dueMs() <= nowMs || head.hedge().isOver())) {
            Entry due = queue.poll();
            if (due != null && !due.hedge().isOver()) {
                due.hedge().fire();
            }
            head = queue.peek();
        }
        if (head != null) {
            Timer.Cancellation unused = timer.after(Math.max(1, head.dueMs() - nowMs), this::sweep);
            return;
        }
        armed.set(false);
        // An entry may have come between the last look and the line above.
        if (!queue.isEmpty() && armed.compareAndSet(false, true)) {
            Timer.Cancellation unused = timer.after(delayMs, this::sweep);
        }
    }
}
