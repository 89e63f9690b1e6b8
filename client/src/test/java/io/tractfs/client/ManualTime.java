package io.tractfs.client;

import io.tractfs.client.transport.Timer;
import io.tractfs.time.Clock;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Time that stands still until somebody waits for it: clock and timer of client tests. Thread-safe. */
public final class ManualTime implements Clock, Timer {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueMs).thenComparingLong(Task::order));
    private long nowMs;
    private long order;

    private record Task(long dueMs, long order, Runnable work) {}

    @Override
    public synchronized long nanoTime() {
        return nowMs * 1_000_000;
    }

    @Override
    public synchronized long wallMs() {
        return nowMs;
    }

    @Override
    public synchronized Cancellation after(long delayMs, Runnable work) {
        Task task = new Task(nowMs + delayMs, order++, work);
        tasks.add(task);
        return () -> {
            synchronized (this) {
                tasks.remove(task);
            }
        };
    }

    /** Whether anything will ever fall due. */
    public synchronized boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Lets time pass; what falls due runs. */
    public void advance(long ms) {
        long end = nanoTime() / 1_000_000 + ms;
        while (runNext(end)) {
            // Each task may add others that are due as well.
        }
        synchronized (this) {
            nowMs = Math.max(nowMs, end);
        }
    }

    /** Runs the next task that is due until then; false if there is none. */
    private boolean runNext(long untilMs) {
        @Nullable Task task;
        synchronized (this) {
            task = tasks.peek();
            if (task == null || task.dueMs > untilMs) {
                return false;
            }
            tasks.remove();
            nowMs = Math.max(nowMs, task.dueMs);
        }
        task.work.run();
        return true;
    }

    /**
     * Whether a thread waits for something that has not happened yet. A thread whose future was just completed still
     * counts as waiting until it runs again; what it is parked on knows better.
     */
    private static boolean isWaiting(Thread thread) {
        Object blocker = LockSupport.getBlocker(thread);
        boolean released = blocker instanceof ForkJoinPool.ManagedBlocker signal && signal.isReleasable();
        Thread.State state = thread.getState();
        return (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) && !released;
    }

    /** Carries out something that may wait: whenever it does, time goes on to the next task. */
    public <T> T passWhile(Callable<T> action) throws Exception {
        FutureTask<T> future = new FutureTask<>(action);
        Thread thread = new Thread(future, "test-caller");
        thread.start();
        while (!future.isDone()) {
            if (!isWaiting(thread) || !runNext(Long.MAX_VALUE)) {
                Thread.onSpinWait();
            }
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
