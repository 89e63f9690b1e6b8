package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Caller;
import java.util.concurrent.Executor;

/** An exchange over a connection. Thread-safe. */
record ServerExchange<Q extends MessageLite, R extends MessageLite>(ServerCall call, Q message, ByteBuf body)
        implements Exchange<Q, R> {
    @Override
    public Caller caller() {
        return call.caller();
    }

    @Override
    public ByteString capability() {
        return call.capability();
    }

    @Override
    public long deadlineNanos() {
        return call.deadlineNanos();
    }

    @Override
    public Executor later() {
        return call.loop();
    }

    @Override
    public boolean isExpired() {
        return call.isExpired();
    }

    @Override
    public void reply(R response, Body responseBody) {
        call.reply(response, responseBody);
    }

    @Override
    public void reply(R response) {
        call.reply(response, Body.NONE);
    }

    @Override
    public void fail(TractException error) {
        call.fail(error);
    }
}
