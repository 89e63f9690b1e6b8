package io.tractfs.client.lease;

import io.tractfs.error.TractException;

/** The writer's own view of its lease on one file (P23). Implementations are thread-safe. */
public interface WriterLease extends AutoCloseable {
    /** Whether the lease holds for certain, counted from the sending of the last renewal. */
    boolean isHeld();

    /**
     * Returns at once while the lease holds; past it, waits until the leader confirms that the file is still this
     * writer's.
     *
     * @throws TractException {@code LEASE_EXPIRED} if another took over
     */
    void confirm() throws TractException;

    /** Has the leader asked in the background whether the file is still this writer's; returns at once. */
    void ask();

    /**
     * Returns at once.
     *
     * @throws TractException {@code LEASE_EXPIRED} if the leader has said that the file is not this writer's any more
     */
    void requireNotLost() throws TractException;

    /** Renewals need not name the file any more. */
    @Override
    void close();
}
