package io.tractfs.wire.rpc;

import io.netty.buffer.ByteBuf;

/** A reply that waits to be written; owned by the connection. Not thread-safe. */
record ServerReply(ServerCall call, ByteBuf head, Body body) {
    void release() {
        head.release();
        body.release();
    }
}
