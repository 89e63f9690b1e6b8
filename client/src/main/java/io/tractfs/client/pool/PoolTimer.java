package io.tractfs.client.pool;

import io.tractfs.client.transport.Timer;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool's one timer thread, a daemon that ends when nothing is due for a while. Thread-safe. */
final class PoolTimer implements Timer {
    private static final Logger LOG = LoggerFactory.getLogger(PoolTimer.class);
    private static final long KEEP_ALIVE_S = 5;

    private final ScheduledThreadPoolExecutor executor;

    PoolTimer() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tractfs-client-timer-0");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public Cancellation after(long delayMs, Runnable task) {
        Future<?> scheduled = executor.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("event=client-timer-task-failed", e);
        }
    }

    /** Ends the thread at once; for pools of tests. */
    void close() {
        executor.shutdownNow();
    }
}
