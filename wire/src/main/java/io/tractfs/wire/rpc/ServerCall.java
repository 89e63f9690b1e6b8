package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameLayout;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** One call at the server, from its arrival until its reply is on its way. Thread-safe. */
final class ServerCall {
    private final ServerConnection connection;
    private final long correlation;
    private final int reservedBytes;
    private final Caller caller;
    private final ByteString capability;
    private final long deadlineNanos;
    private final Clock clock;
    private final AtomicBoolean replied = new AtomicBoolean();

    ServerCall(
            ServerConnection connection,
            long correlation,
            int reservedBytes,
            Caller caller,
            ByteString capability,
            long deadlineNanos) {
        this.connection = connection;
        this.correlation = correlation;
        this.reservedBytes = reservedBytes;
        this.caller = caller;
        this.capability = capability;
        this.deadlineNanos = deadlineNanos;
        this.clock = connection.clock();
    }

    Caller caller() {
        return caller;
    }

    ByteString capability() {
        return capability;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isExpired() {
        return clock.nanoTime() - deadlineNanos >= 0;
    }

    /** The connection's event loop. */
    Executor loop() {
        return connection.loop();
    }

    /** Bytes of the budget that are given back when the reply is written. */
    int reservedBytes() {
        return reservedBytes;
    }

    void reply(MessageLite message, Body body) {
        if (!replied.compareAndSet(false, true)) {
            body.release();
            throw new IllegalStateException("a call was replied to twice");
        }
        ServerReply reply;
        try {
            reply = encode(message, body);
        } catch (TractException e) {
            body.release();
            reply = encode(e);
        }
        connection.send(reply);
    }

    void fail(TractException error) {
        if (!tryFail(error)) {
            throw new IllegalStateException("a call was replied to twice", error);
        }
    }

    /** Fails the call unless it was replied to. */
    boolean tryFail(TractException error) {
        if (!replied.compareAndSet(false, true)) {
            return false;
        }
        connection.send(encode(error));
        return true;
    }

    private ServerReply encode(MessageLite message, Body body) throws TractException {
        ByteBufAllocator allocator = connection.allocator();
        ResponseHeader.Builder header = ResponseHeader.newBuilder().setCorrelation(correlation);
        if (message.getSerializedSize() <= FrameLayout.MAX_MESSAGE_IN_HEADER) {
            header.setMessage(message.toByteString());
            ByteBuf head = FrameEncoder.head(allocator, FrameType.RESPONSE, 0, header.build(), body.length());
            return new ServerReply(this, head, body);
        }
        if (body.length() > 0) {
            throw new TractException(
                    ErrorCode.TOO_LARGE,
                    "a response of " + message.getSerializedSize() + " bytes cannot have raw bytes besides");
        }
        ByteBuf head = FrameEncoder.head(
                allocator,
                FrameType.RESPONSE,
                FrameLayout.MESSAGE_IN_BODY,
                header.build(),
                message.getSerializedSize());
        body.release();
        return new ServerReply(this, head, Body.of(FrameEncoder.message(allocator, message)));
    }

    private ServerReply encode(TractException error) {
        ResponseHeader header = ResponseHeader.newBuilder()
                .setCorrelation(correlation)
                .setErrorCode(error.code().number())
                .setErrorMessage(FrameWriter.clip(String.valueOf(error.getMessage()), FrameWriter.MAX_ERROR_TEXT))
                .setErrorVersion(error.version().value())
                .setLeader(FrameWriter.clip(error.leader(), FrameWriter.MAX_LEADER_TEXT))
                .build();
        try {
            ByteBuf head = FrameEncoder.head(connection.allocator(), FrameType.RESPONSE, 0, header, 0);
            return new ServerReply(this, head, Body.NONE);
        } catch (TractException e) {
            throw new IllegalStateException("a clipped error is over the limits", e);
        }
    }
}
