package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Caller;
import java.util.concurrent.Executor;

/**
 * One request at the server and its one reply. Until the reply is written it counts in the connection's calls in
 * flight and in the server's byte budget, so every exchange must be replied to or failed. Thread-safe.
 *
 * @param <Q> request message
 * @param <R> response message
 */
public interface Exchange<Q, R> {
    /** The request. */
    Q message();

    /** Raw bytes of the request, owned and released by the handler; an empty buffer if there are none. */
    ByteBuf body();

    /** Who asks. */
    Caller caller();

    /** Authorisation of a data request; empty while security is off. */
    ByteString capability();

    /** When the caller gives up, on the monotonic clock. */
    long deadlineNanos();

    /** Runs tasks on the thread that reads requests, once those that arrived with this one were given to their handlers. */
    Executor later();

    /** Whether the caller has given up, so that work not yet begun is in vain. */
    boolean isExpired();

    /**
     * Answers.
     *
     * @param body handed over
     * @throws IllegalStateException if there was a reply before; the body is released all the same
     */
    void reply(R message, Body body);

    /** Answers without raw bytes; otherwise as {@link #reply(Object, Body)}. */
    void reply(R message);

    /**
     * Answers with an error.
     *
     * @throws IllegalStateException if there was a reply before
     */
    void fail(TractException error);
}
