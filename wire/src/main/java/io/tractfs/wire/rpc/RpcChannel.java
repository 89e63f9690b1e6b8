package io.tractfs.wire.rpc;

import com.google.protobuf.MessageLite;
import java.util.concurrent.CompletableFuture;

/**
 * One connection that carries many calls at once. Thread-safe.
 */
public interface RpcChannel extends AutoCloseable {
    /**
     * Sends a call. It takes effect at most once per attempt. The future is completed on an event loop, so what
     * depends on it must not block; it fails with a {@code TractException}:
     *
     * <ul>
     *   <li>the code that the server answered,
     *   <li>{@code DEADLINE_EXCEEDED} or {@code CONNECTION_LOST}: nobody knows whether it took effect,
     *   <li>{@code CONNECT_FAILED}, {@code BUSY}, {@code EXPIRED_BEFORE_START}, {@code SHUTTING_DOWN}: it was never
     *       sent and may be tried again,
     *   <li>{@code TOO_LARGE}: it does not fit into a frame.
     * </ul>
     *
     * @param body handed over, released also when the call fails
     */
    <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            Method<Q, R> method, Q message, Body body, CallOptions options);

    /** Whether calls can still be sent. */
    boolean isOpen();

    /** Completed, never exceptionally, when the connection is gone. */
    CompletableFuture<Void> closeFuture();

    /** Closes the connection; calls in flight fail. Returns at once. */
    @Override
    void close();
}
