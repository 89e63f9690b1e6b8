package io.tractfs.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Says where a channel receives: the rest of a frame that has begun goes straight into that frame's buffer, so that a
 * large body is never copied; everything else goes into a small buffer, of which frames are slices. Of a large frame at
 * most {@link #FIRST_BYTES} are copied. One instance serves one channel; confined to its event loop.
 */
public final class FrameReceiver extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Bytes of a buffer for frames that have not begun: many small ones fit, and little is copied of a large one. */
    static final int FIRST_BYTES = 16 << 10;

    private final FrameDecoder decoder;

    /** Receives for the channel of a decoder. */
    public FrameReceiver(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has deprecated the interface, but not named another one.
    public Handle newHandle() {
        return new ReceiveHandle();
    }

    private final class ReceiveHandle extends MaxMessageHandle {
        @Override
        public int guess() {
            return FIRST_BYTES;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf rest = decoder.receiveBuffer();
            return rest == null ? allocator.ioBuffer(FIRST_BYTES) : rest;
        }
    }
}
