package io.tractfs.wire.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Caller;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.frame.FrameDecoder;
import io.tractfs.wire.frame.FrameLimits;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.RequestHeader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of one connection: hello first, then calls. A call holds its place among the calls in flight, and its
 * bytes of the budget, until its reply is written; while there is no place or no budget the socket is not read. Confined
 * to its channel's event loop, but for {@link #send}, {@link #clock}, {@link #loop} and
 * {@link #allocator}.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final int CHECKS_PER_TIMEOUT = 4;
    private static final long LONGEST_CHECK_PERIOD_MS = 1000;
    /** While others wait for memory, a frame that took longer than this must have come at the least rate. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LEAST_BYTES_PER_S = 256L << 10;

    private final ServerContext context;
    private final Channel channel;
    private final InetSocketAddress remote;
    private final FrameDecoder decoder;
    private final LoopQueue<ServerReply> replies;
    private @Nullable Identity identity;
    private @Nullable ScheduledFuture<?> timer;
    private boolean leaving;
    private int inFlight;
    /** Bytes taken from the budget for a request that has not wholly arrived. */
    private int reservedBytes;

    private boolean awaitsBudget;
    private long lastReadNanos;
    private long lastPauseNanos;

    ServerConnection(ServerContext context, Channel channel, InetSocketAddress remote) {
        this.context = context;
        this.channel = channel;
        this.remote = remote;
        this.decoder = new FrameDecoder(FrameLimits.BEFORE_HELLO, context.clock(), this::admit);
        this.replies = new LoopQueue<>(channel.eventLoop(), this::writeReplies, this::drop);
        this.lastReadNanos = context.clock().nanoTime();
        this.lastPauseNanos = lastReadNanos;
    }

    FrameDecoder decoder() {
        return decoder;
    }

    Clock clock() {
        return context.clock();
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    Executor loop() {
        return channel.eventLoop();
    }

    /** Takes over a reply, from any thread. */
    void send(ServerReply reply) {
        replies.add(reply);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        long timeoutMs = context.config().helloTimeoutMs();
        timer = ctx.executor()
                .schedule(
                        () -> refuse(new TractException(
                                ErrorCode.AUTHENTICATION_FAILED, "no hello within " + timeoutMs + " ms")),
                        timeoutMs,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Frame frame = (Frame) message;
        if (leaving) {
            frame.release();
            return;
        }
        if (identity == null) {
            readHello(frame);
            return;
        }
        switch (frame.type()) {
            case REQUEST -> readRequest(frame, identity);
            case PING -> {
                frame.release();
                FrameWriter.writeEmpty(channel, FrameType.PONG);
            }
            case PONG, GOODBYE -> frame.release();
            case HELLO, HELLO_REPLY, RESPONSE -> {
                frame.release();
                refuse(new TractException(ErrorCode.MALFORMED, "unexpected frame of type " + frame.type()));
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastReadNanos = context.clock().nanoTime();
    }

    private void readHello(Frame frame) {
        try {
            ServerHello.Accepted accepted = ServerHello.accept(context, frame, remote);
            decoder.limits(FrameLimits.AFTER_HELLO);
            identity = accepted.identity();
            channel.writeAndFlush(ServerHello.encode(channel.alloc(), accepted.reply()), channel.voidPromise());
            watch();
        } catch (TractException e) {
            LOG.warn("event=rpc-hello-refused remote={} code={} reason=\"{}\"", remote, e.code(), e.getMessage());
            leave();
            FrameWriter.farewell(channel, ServerHello.encode(channel.alloc(), ServerHello.refusal(context, e)));
        } finally {
            frame.release();
        }
    }

    private void watch() {
        cancelTimer();
        long timeoutMs =
                Math.min(context.config().frameTimeoutMs(), context.config().idleTimeoutMs());
        long periodMs = Math.max(1, Math.min(LONGEST_CHECK_PERIOD_MS, timeoutMs / CHECKS_PER_TIMEOUT));
        timer = channel.eventLoop().scheduleAtFixedRate(this::check, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    private void check() {
        long now = context.clock().nanoTime();
        if (decoder.isPaused()) {
            // It is this side that does not read.
            lastPauseNanos = now;
            lastReadNanos = now;
            return;
        }
        long frameNanos = TimeUnit.MILLISECONDS.toNanos(context.config().frameTimeoutMs());
        long idleNanos = TimeUnit.MILLISECONDS.toNanos(context.config().idleTimeoutMs());
        long frameAgeNanos = Math.min(now - decoder.frameArrivalNanos(), now - lastPauseNanos);
        if (decoder.isMidFrame() && frameAgeNanos > frameNanos) {
            refuse(new TractException(ErrorCode.MALFORMED, "a frame did not arrive in time"));
        } else if (reservedBytes > 0
                && isTooSlow(frameAgeNanos)
                && context.budget().isShort()) {
            refuse(new TractException(
                    ErrorCode.BUSY,
                    "a frame came at less than " + LEAST_BYTES_PER_S + " bytes a second while others wait for memory"));
        } else if (inFlight == 0 && now - lastReadNanos > idleNanos) {
            refuse(new TractException(ErrorCode.SHUTTING_DOWN, "the connection was idle"));
        }
    }

    private boolean isTooSlow(long frameAgeNanos) {
        return frameAgeNanos > SLOW_NANOS
                && decoder.gatheredBytes() < LEAST_BYTES_PER_S * TimeUnit.NANOSECONDS.toMillis(frameAgeNanos) / 1000;
    }

    /** Lets a request in if it has a place and its bytes are within the budget. */
    private boolean admit(FrameType type, int length) {
        if (type != FrameType.REQUEST || identity == null) {
            return true;
        }
        if (inFlight >= context.config().maxInFlight() || awaitsBudget) {
            return false;
        }
        if (reservedBytes == 0 && !context.budget().reserve(length, () -> granted(length))) {
            awaitsBudget = true;
            return false;
        }
        reservedBytes = length;
        inFlight++;
        return true;
    }

    /** Bytes were taken for the request that waits. Called from any thread. */
    private void granted(int bytes) {
        try {
            channel.eventLoop().execute(() -> {
                awaitsBudget = false;
                if (leaving) {
                    context.budget().release(bytes);
                } else {
                    reservedBytes = bytes;
                    decoder.resume();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("event=rpc-loop-ended remote={}", remote, e);
            context.budget().release(bytes);
        }
    }

    private void readRequest(Frame frame, Identity who) {
        int reserved = reservedBytes;
        reservedBytes = 0;
        RequestHeader header;
        ServerCall call;
        try {
            header = RequestHeader.parseFrom(frame.header().nioBuffer());
            call = call(header, frame, reserved, who);
        } catch (InvalidProtocolBufferException | TractException e) {
            frame.release();
            inFlight--;
            context.budget().release(reserved);
            refuse(new TractException(ErrorCode.MALFORMED, "a request header cannot be read: " + e.getMessage()));
            return;
        }
        frame.header().release();
        Registration<?, ?> registration = context.methods().get(header.getMethod());
        if (registration == null) {
            frame.body().release();
            call.fail(new TractException(ErrorCode.UNKNOWN_METHOD, "no method has number " + header.getMethod()));
        } else if (call.isExpired()) {
            frame.body().release();
            call.fail(new TractException(
                    ErrorCode.EXPIRED_BEFORE_START,
                    registration.method() + " waited longer than its " + header.getDeadlineMs() + " ms"));
        } else {
            registration.dispatch(call, header, frame);
        }
    }

    private ServerCall call(RequestHeader header, Frame frame, int reserved, Identity who) throws TractException {
        Caller caller = new Caller(
                who.effectiveUser(),
                who.realUser(),
                remote,
                ProtocolVersion.decodeUuid(header.getClientId())
                        .map(ClientId::new)
                        .orElse(Caller.NO_CLIENT),
                header.getCallId(),
                header.getAttempt());
        long deadlineNanos =
                frame.arrivalNanos() + TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(header.getDeadlineMs()));
        return new ServerCall(this, header.getCorrelation(), reserved, caller, header.getCapability(), deadlineNanos);
    }

    private void writeReplies() {
        boolean written = false;
        while (channel.isWritable() || !channel.isActive()) {
            ServerReply reply = replies.poll();
            if (reply == null) {
                break;
            }
            if (leaving || !channel.isActive()) {
                drop(reply);
                continue;
            }
            FrameWriter.write(
                    channel,
                    reply.head(),
                    reply.body(),
                    channel.newPromise().addListener(done -> finish(reply.call())));
            written = true;
        }
        if (written) {
            channel.flush();
        }
    }

    private void drop(ServerReply reply) {
        reply.release();
        context.budget().release(reply.call().reservedBytes());
    }

    /** A reply was written, or failed to be: its call gives up its place. */
    private void finish(ServerCall call) {
        inFlight--;
        context.budget().release(call.reservedBytes());
        if (!awaitsBudget) {
            decoder.resume();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            writeReplies();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (decoder.endedMidFrame()) {
            LOG.warn("event=rpc-connection-lost remote={} reason=\"ended in the middle of a frame\"", remote);
        }
        leave();
        context.budget().release(reservedBytes);
        reservedBytes = 0;
        writeReplies();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TractException malformed) {
            refuse(malformed);
        } else if (cause instanceof IOException) {
            LOG.debug("event=rpc-connection-lost remote={} cause=\"{}\"", remote, cause.toString());
            channel.close();
        } else {
            LOG.error("event=rpc-connection-failed remote={}", remote, cause);
            channel.close();
        }
    }

    private void refuse(TractException reason) {
        if (leaving) {
            return;
        }
        LOG.warn(
                "event=rpc-connection-refused remote={} code={} reason=\"{}\"",
                remote,
                reason.code(),
                reason.getMessage());
        leave();
        FrameWriter.goodbye(channel, reason.code(), String.valueOf(reason.getMessage()));
    }

    private void leave() {
        leaving = true;
        cancelTimer();
        decoder.discard();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
