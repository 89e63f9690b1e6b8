package io.tractfs.client.transport;

/** Runs short tasks later. Implementations are thread-safe. */
public interface Timer {
    /**
     * Runs a task once. It must not block.
     *
     * @param delayMs at least 0
     */
    Cancellation after(long delayMs, Runnable task);

    /** Takes a task back. */
    @FunctionalInterface
    interface Cancellation {
        /** The task will not run, unless it has begun. */
        void cancel();
    }
}
