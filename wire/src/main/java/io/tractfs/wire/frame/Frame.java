package io.tractfs.wire.frame;

import io.netty.buffer.ByteBuf;

/**
 * A frame as it was received. Whoever gets it releases header and body. Not thread-safe.
 *
 * @param type what it is
 * @param flags bits of {@link FrameLayout}
 * @param header serialized header message
 * @param body raw bytes; an empty buffer if there are none
 * @param arrivalNanos when its first bytes were seen, on the monotonic clock
 */
public record Frame(FrameType type, int flags, ByteBuf header, ByteBuf body, long arrivalNanos) {
    /** Bytes of header and body. */
    public int length() {
        return header.readableBytes() + body.readableBytes();
    }

    /** Whether the call's message is in the body. */
    public boolean isMessageInBody() {
        return (flags & FrameLayout.MESSAGE_IN_BODY) != 0;
    }

    /** Releases header and body. */
    public void release() {
        header.release();
        body.release();
    }
}
