package io.tractfs.sim.kernel;

import io.tractfs.error.TractException;

/**
 * Answers one call; only the first answer counts. Not thread-safe.
 *
 * @param <R> type of the answer
 */
public interface Responder<R> {
    /** Answers. */
    void reply(R value);

    /** Refuses. */
    void fail(TractException error);
}
