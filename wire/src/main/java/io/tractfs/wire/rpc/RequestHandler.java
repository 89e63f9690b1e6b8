package io.tractfs.wire.rpc;

/**
 * Serves one method. Called on an event loop: it must not block, and hands work over to threads of its own.
 * Implementations are thread-safe.
 *
 * @param <Q> request message
 * @param <R> response message
 */
@FunctionalInterface
public interface RequestHandler<Q, R> {
    /**
     * Takes a request. Replies through the exchange, now or later, exactly once, and releases the exchange's body. If
     * it throws, it has not taken the body: the server releases it and answers {@code INTERNAL}.
     */
    void handle(Exchange<Q, R> exchange);
}
