package io.tractfs.sim.kernel;

import io.tractfs.error.TractException;

/**
 * How a call ended.
 *
 * @param <R> type of the answer
 */
public sealed interface Outcome<R> {
    /**
     * With an answer. Immutable.
     *
     * @param value the answer
     * @param <R> its type
     */
    record Answered<R>(R value) implements Outcome<R> {}

    /**
     * With an error, of the callee or of the network. Immutable.
     *
     * @param error what went wrong
     * @param <R> type of the answer that did not come
     */
    record Failed<R>(TractException error) implements Outcome<R> {}
}
