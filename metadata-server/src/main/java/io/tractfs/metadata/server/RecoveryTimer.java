package io.tractfs.metadata.server;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs the steps of writer recovery one at a time, now or later. Implementations are thread-safe. */
public interface RecoveryTimer extends Executor {
    /** Runs work later. */
    void schedule(Runnable work, long delayMs);

    /** The timer of a server, which has one thread. */
    static RecoveryTimer of(ScheduledExecutorService timer) {
        return new RecoveryTimer() {
            @Override
            public void execute(Runnable work) {
                timer.execute(work);
            }

            @Override
            public void schedule(Runnable work, long delayMs) {
                ScheduledFuture<?> unused = timer.schedule(work, delayMs, TimeUnit.MILLISECONDS);
            }
        };
    }
}
