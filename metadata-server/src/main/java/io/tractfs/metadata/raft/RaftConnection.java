package io.tractfs.metadata.raft;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelDuplexHandler;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelPromise;
import org.apache.ratis.thirdparty.io.netty.util.ReferenceCountUtil;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the port of the log's peers, before gRPC sees what it brings: closed if there are too many, or if it
 * does not begin as HTTP/2 does, in time; and whatever gRPC closes it for is logged. Confined to its channel's event loop.
 */
final class RaftConnection extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RaftConnection.class);
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    /** HTTP/2's frame that says why a connection ends: its type, and where that and its reason are. */
    private static final int GOAWAY = 7;

    private static final int TYPE_AT = 3;
    private static final int STREAM_AT = 5;
    private static final int REASON_AT = 13;
    private static final int GOAWAY_BYTES = 17;

    private final RaftPortLimits limits;
    private final RaftPortPlaces places;
    private @Nullable ChannelHandlerContext placed;
    private @Nullable ScheduledFuture<?> timer;
    /** Bytes of the preface that arrived. */
    private int greeted;

    private boolean spoke;
    private boolean refused;
    private int farewell = -1;

    RaftConnection(RaftPortLimits limits, RaftPortPlaces places) {
        this.limits = limits;
        this.places = places;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().closeFuture().addListener(closed -> ended(context));
        placed = context;
        places.came(this).ifPresent(RaftConnection::makeRoom);
        timer = context.executor()
                .schedule(
                        () -> refuse(context, "no HTTP/2 preface within " + limits.helloMs() + " ms"),
                        limits.helloMs(),
                        TimeUnit.MILLISECONDS);
    }

    /** May be called from any event loop. */
    private void makeRoom() {
        ChannelHandlerContext own = placed;
        if (own != null) {
            own.executor()
                    .execute(() ->
                            refuse(own, "there are " + limits.connections() + " connections already that say nothing"));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!refused && greeted < PREFACE.length && message instanceof ByteBuf bytes) {
            greet(context, bytes);
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void greet(ChannelHandlerContext context, ByteBuf bytes) {
        for (int at = bytes.readerIndex(); at < bytes.writerIndex() && greeted < PREFACE.length; at++) {
            if (bytes.getByte(at) != PREFACE[greeted]) {
                refuse(context, "it does not speak HTTP/2");
                return;
            }
            greeted++;
        }
        if (greeted == PREFACE.length) {
            cancelTimer();
            spoke = places.spoke(this);
            if (!spoke) {
                refuse(context, "there are " + limits.connections() + " connections already");
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && isFarewell(bytes)) {
            farewell = bytes.getInt(bytes.readerIndex() + REASON_AT);
        }
        context.write(message, promise);
    }

    private static boolean isFarewell(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() >= GOAWAY_BYTES
                && bytes.getByte(at + TYPE_AT) == GOAWAY
                && bytes.getInt(at + STREAM_AT) == 0;
    }

    private void refuse(ChannelHandlerContext context, String reason) {
        if (refused) {
            return;
        }
        refused = true;
        LOG.warn(
                "event=raft-connection-refused remote={} reason=\"{}\"",
                context.channel().remoteAddress(),
                reason);
        cancelTimer();
        context.close();
    }

    private void ended(ChannelHandlerContext context) {
        cancelTimer();
        places.ended(this, spoke);
        if (!refused && farewell > 0) {
            LOG.warn(
                    "event=raft-connection-refused remote={} reason=\"HTTP/2 error {}\"",
                    context.channel().remoteAddress(),
                    farewell);
        } else if (!refused && greeted < PREFACE.length) {
            LOG.warn(
                    "event=raft-connection-lost remote={} reason=\"ended before it said what it speaks\"",
                    context.channel().remoteAddress());
        } else if (farewell == 0) {
            LOG.info(
                    "event=raft-connection-closed remote={} reason=\"it was idle\"",
                    context.channel().remoteAddress());
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
