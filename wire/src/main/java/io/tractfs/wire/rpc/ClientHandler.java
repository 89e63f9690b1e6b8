package io.tractfs.wire.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.frame.Frame;
import io.tractfs.wire.frame.FrameDecoder;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameLimits;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.Hello;
import io.tractfs.wire.proto.HelloReply;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says hello, then gives a channel's events to its connection. Confined to the channel's event loop. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
    private final ClientConnection connection;
    private final FrameDecoder decoder;
    private final Identity identity;
    private final long helloTimeoutMs;
    private @Nullable ScheduledFuture<?> timer;
    private boolean accepted;

    ClientHandler(ClientConnection connection, FrameDecoder decoder, Identity identity, long helloTimeoutMs) {
        this.connection = connection;
        this.decoder = decoder;
        this.identity = identity;
        this.helloTimeoutMs = helloTimeoutMs;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws TractException {
        connection.connected(ctx.channel());
        Hello hello = Hello.newBuilder()
                .setProtocolMin(ProtocolVersion.MIN)
                .setProtocolMax(ProtocolVersion.MAX)
                .setClusterId(ProtocolVersion.encode(identity.clusterId()))
                .setOptionalFeatures(ProtocolVersion.KNOWN_FEATURES)
                .setSoftwareVersion(identity.software())
                .setMechanism(ProtocolVersion.MECHANISM)
                .setEffectiveUser(identity.effectiveUser())
                .setRealUser(identity.realUser())
                .build();
        ctx.writeAndFlush(FrameEncoder.head(ctx.alloc(), FrameType.HELLO, 0, hello, 0), ctx.voidPromise());
        timer = ctx.executor()
                .schedule(
                        () -> connection.closed(
                                ErrorCode.CONNECT_FAILED,
                                "the server did not answer the hello within " + helloTimeoutMs + " ms",
                                null),
                        helloTimeoutMs,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Frame frame = (Frame) message;
        if (accepted) {
            connection.received(frame);
        } else if (frame.type() == FrameType.GOODBYE) {
            connection.received(frame);
        } else {
            receivedReply(ctx, frame);
        }
    }

    private void receivedReply(ChannelHandlerContext ctx, Frame frame) {
        cancelTimer();
        try {
            check(frame);
            accepted = true;
            decoder.limits(FrameLimits.AFTER_HELLO);
            connection.opened();
        } catch (TractException e) {
            connection.closed(e.code(), "hello refused: " + e.getMessage(), e);
            ctx.close();
        } finally {
            frame.release();
        }
    }

    private void check(Frame frame) throws TractException {
        if (frame.type() != FrameType.HELLO_REPLY) {
            throw new TractException(
                    ErrorCode.MALFORMED, "expected an answer to hello, got a frame of type " + frame.type());
        }
        try {
            HelloReply reply = HelloReply.parseFrom(frame.header().nioBuffer());
            if (reply.getErrorCode() != 0) {
                throw new TractException(ErrorCode.ofNumber(reply.getErrorCode()), reply.getErrorMessage());
            }
            ProtocolVersion.agree(reply.getProtocol(), reply.getProtocol());
            ProtocolVersion.agreeCluster(identity.clusterId(), ProtocolVersion.decodeCluster(reply.getClusterId()));
        } catch (InvalidProtocolBufferException e) {
            throw new TractException(ErrorCode.MALFORMED, "the answer to hello cannot be read", e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connection.bytesRead();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            connection.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelTimer();
        connection.closed(ErrorCode.CONNECT_FAILED, "the connection was lost", null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        cancelTimer();
        connection.closed(ErrorCode.CONNECT_FAILED, "the connection was lost: " + cause.getMessage(), cause);
        ctx.close();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
