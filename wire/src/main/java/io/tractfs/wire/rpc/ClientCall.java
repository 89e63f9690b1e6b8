package io.tractfs.wire.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameLayout;
import io.tractfs.wire.frame.FrameLimits;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.RequestHeader;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call at the client, from the caller's thread until its future is completed. Built on the caller's thread, then
 * confined to the connection's event loop.
 */
final class ClientCall<R extends MessageLite> {
    private final CompletableFuture<Reply<R>> future = new CompletableFuture<>();
    private final Method<?, R> method;
    private final HostPort address;
    private final CallOptions options;
    private final ByteString message;
    private final int flags;
    private final long deadlineNanos;
    private Body body;
    private boolean sent;
    private boolean done;
    private @Nullable ScheduledFuture<?> timer;

    private ClientCall(
            Method<?, R> method,
            HostPort address,
            CallOptions options,
            MessageLite message,
            Body body,
            ByteBufAllocator allocator,
            long nowNanos) {
        boolean inHeader = message.getSerializedSize() <= FrameLayout.MAX_MESSAGE_IN_HEADER;
        this.method = method;
        this.address = address;
        this.options = options;
        this.message = inHeader ? message.toByteString() : ByteString.EMPTY;
        this.flags = inHeader ? 0 : FrameLayout.MESSAGE_IN_BODY;
        this.body = inHeader ? body : Body.of(FrameEncoder.message(allocator, message));
        this.deadlineNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(options.timeoutMs());
    }

    /**
     * A call with its message serialized. Takes over the body.
     *
     * @throws TractException {@code TOO_LARGE} if message and body do not fit into a frame; the body is then released
     */
    static <R extends MessageLite> ClientCall<R> of(
            Method<?, R> method,
            HostPort address,
            CallOptions options,
            MessageLite message,
            Body body,
            ByteBufAllocator allocator,
            long nowNanos)
            throws TractException {
        int size = message.getSerializedSize();
        boolean inHeader = size <= FrameLayout.MAX_MESSAGE_IN_HEADER;
        if (inHeader ? body.length() > FrameLimits.MAX_BODY_BYTES : oversized(size, body)) {
            long length = body.length();
            body.release();
            throw new TractException(
                    ErrorCode.TOO_LARGE,
                    "the request of " + method + " has a message of " + size + " and a body of " + length
                            + " bytes; a body may have " + FrameLimits.MAX_BODY_BYTES
                            + ", and none if the message has over " + FrameLayout.MAX_MESSAGE_IN_HEADER);
        }
        return new ClientCall<>(method, address, options, message, body, allocator, nowNanos);
    }

    private static boolean oversized(int messageSize, Body body) {
        return body.length() > 0 || messageSize > FrameLimits.MAX_BODY_BYTES;
    }

    CompletableFuture<Reply<R>> future() {
        return future;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isDone() {
        return done;
    }

    boolean isSent() {
        return sent;
    }

    void timer(ScheduledFuture<?> deadlineTimer) {
        timer = deadlineTimer;
    }

    /** Prefix and header of the request's frame; marks the call as sent. */
    ByteBuf encode(ByteBufAllocator allocator, long correlation, long nowNanos) throws TractException {
        long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nowNanos));
        RequestHeader.Builder header = RequestHeader.newBuilder()
                .setCorrelation(correlation)
                .setMethod(method.number())
                .setDeadlineMs((int) leftMs)
                .setCallId(options.callId())
                .setAttempt(options.attempt())
                .setCapability(options.capability())
                .setMessage(message);
        if (!options.clientId().equals(io.tractfs.wire.auth.Caller.NO_CLIENT)) {
            header.setClientId(ProtocolVersion.encode(options.clientId().value()));
        }
        ByteBuf head = FrameEncoder.head(allocator, FrameType.REQUEST, flags, header.build(), body.length());
        sent = true;
        return head;
    }

    /** The body, handed over. */
    Body takeBody() {
        Body taken = body;
        body = Body.NONE;
        return taken;
    }

    /** Completes the call with a response. Takes over the frame's body, not its header. */
    void complete(ResponseHeader header, Frame frame) {
        ByteBuf responseBody = frame.body();
        if (header.getErrorCode() != 0) {
            responseBody.release();
            fail(new TractException(
                    ErrorCode.ofNumber(header.getErrorCode()),
                    header.getErrorMessage(),
                    new RowVersion(header.getErrorVersion()),
                    header.getLeader(),
                    null));
            return;
        }
        R response;
        try {
            if (frame.isMessageInBody()) {
                response = method.responseParser().parseFrom(responseBody.nioBuffer());
                responseBody.release();
                responseBody = Unpooled.EMPTY_BUFFER;
            } else {
                response = method.responseParser().parseFrom(header.getMessage());
            }
        } catch (InvalidProtocolBufferException e) {
            responseBody.release();
            fail(new TractException(ErrorCode.MALFORMED, describe() + ": its response cannot be read", e));
            return;
        }
        finish();
        if (!future.complete(new Reply<>(response, responseBody))) {
            // The caller has cancelled.
            responseBody.release();
        }
    }

    void fail(TractException error) {
        finish();
        future.completeExceptionally(error);
    }

    /** Fails a call whose time is over: what was never sent has no effect. */
    void expire() {
        fail(new TractException(
                sent ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.EXPIRED_BEFORE_START,
                describe() + ": no answer within " + options.timeoutMs() + " ms"
                        + (sent ? "" : "; it was never sent")));
    }

    /** Fails a call whose connection is gone: what was never sent has no effect and takes the given code. */
    void lose(ErrorCode unsentCode, String reason, @Nullable Throwable cause) {
        fail(new TractException(sent ? ErrorCode.CONNECTION_LOST : unsentCode, describe() + ": " + reason, cause));
    }

    private String describe() {
        return method.name() + " to " + address;
    }

    private void finish() {
        done = true;
        takeBody().release();
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
