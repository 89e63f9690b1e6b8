package io.tractfs.wire.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.concurrent.TimeUnit;

/** How frames of both sides reach the socket. Stateless; called on the channel's event loop. */
final class FrameWriter {
    /** Longest text of an error on the wire, in characters. */
    static final int MAX_ERROR_TEXT = 4096;

    /** Longest address of a leader. */
    static final int MAX_LEADER_TEXT = 256;

    private static final int MAX_GOODBYE_TEXT = 512;
    private static final long LINGER_MS = 500;

    private FrameWriter() {}

    /** Writes a frame without flushing; a failure closes the channel. Takes over head and body. */
    static void write(Channel channel, ByteBuf head, Body body, ChannelPromise promise) {
        // A frame of which only a part was written cannot be followed by another.
        promise.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        if (body instanceof Body.Buffer buffer) {
            channel.write(head, channel.voidPromise());
            channel.write(buffer.buffer(), promise);
        } else if (body instanceof Body.Region region) {
            channel.write(head, channel.voidPromise());
            channel.write(region.prefix(), channel.voidPromise());
            channel.write(region.region(), promise);
        } else {
            channel.write(head, promise);
        }
    }

    /** Writes a frame that has only a type, and flushes. */
    static void writeEmpty(Channel channel, FrameType type) {
        channel.writeAndFlush(FrameEncoder.empty(channel.alloc(), type), channel.voidPromise());
    }

    /** Says why, then closes; gives the peer half a second to read it. */
    static void goodbye(Channel channel, ErrorCode code, String reason) {
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        ResponseHeader header = ResponseHeader.newBuilder()
                .setErrorCode(code.number())
                .setErrorMessage(clip(reason, MAX_GOODBYE_TEXT))
                .build();
        try {
            farewell(channel, FrameEncoder.head(channel.alloc(), FrameType.GOODBYE, 0, header, 0));
        } catch (TractException e) {
            throw new IllegalStateException("a clipped goodbye is over the limits", e);
        }
    }

    /** Sends a last frame, then closes; what the peer still sends must be read and dropped meanwhile. */
    static void farewell(Channel channel, ByteBuf lastFrame) {
        channel.writeAndFlush(lastFrame).addListener(done -> {
            if (!done.isSuccess() || !channel.isActive()) {
                channel.close();
                return;
            }
            // Closing with unread bytes would reset the connection and lose the last frame.
            if (channel instanceof DuplexChannel socket) {
                socket.shutdownOutput();
            }
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        });
    }

    static String clip(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
