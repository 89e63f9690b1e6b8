package io.tractfs.wire.rpc;

import io.netty.buffer.ByteBuf;

/**
 * Answer to a call. Whoever receives it owns the body and closes it. Not thread-safe.
 *
 * @param <R> response message
 * @param message the response
 * @param body raw bytes; {@code Unpooled.EMPTY_BUFFER} if there are none
 */
public record Reply<R>(R message, ByteBuf body) implements AutoCloseable {
    /** Releases the body. */
    @Override
    public void close() {
        body.release();
    }
}
