package io.tractfs.wire.frame;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the beginning of a frame: prefix and header; the body follows on the connection. Stateless, thread-safe. */
public final class FrameEncoder {
    private FrameEncoder() {}

    /** Prefix of a frame that has neither header nor body. */
    public static ByteBuf empty(ByteBufAllocator allocator, FrameType type) {
        ByteBuf buffer = allocator.directBuffer(FrameLayout.PREFIX_BYTES, FrameLayout.PREFIX_BYTES);
        writePrefix(buffer, type, 0, 0, 0);
        return buffer;
    }

    /**
     * Prefix and header of a frame; the caller owns the buffer and sends {@code bodyLength} bytes after it.
     *
     * @throws TractException {@code TOO_LARGE} if header or body is over the limits of an accepted connection
     */
    public static ByteBuf head(
            ByteBufAllocator allocator, FrameType type, int flags, MessageLite header, long bodyLength)
            throws TractException {
        int headerLength = header.getSerializedSize();
        FrameLimits limits = FrameLimits.AFTER_HELLO;
        if (headerLength > limits.maxHeaderBytes() || bodyLength > limits.maxBodyBytes()) {
            throw new TractException(
                    ErrorCode.TOO_LARGE,
                    "frame of type " + type + " would have a header of " + headerLength + " and a body of "
                            + bodyLength + " bytes; most are " + limits.maxHeaderBytes() + " and "
                            + limits.maxBodyBytes());
        }
        int length = FrameLayout.PREFIX_BYTES + headerLength;
        ByteBuf buffer = allocator.directBuffer(length, length);
        writePrefix(buffer, type, flags, headerLength, bodyLength);
        writeMessage(buffer, header, headerLength);
        return buffer;
    }

    /** A serialized message in a buffer of its own, which the caller owns. */
    public static ByteBuf message(ByteBufAllocator allocator, MessageLite message) {
        int length = message.getSerializedSize();
        ByteBuf buffer = allocator.directBuffer(length, length);
        writeMessage(buffer, message, length);
        return buffer;
    }

    private static void writePrefix(ByteBuf buffer, FrameType type, int flags, int headerLength, long bodyLength) {
        buffer.writeInt(FrameLayout.COUNTED_PREFIX_BYTES + headerLength + (int) bodyLength);
        buffer.writeByte(type.number());
        buffer.writeByte(flags);
        buffer.writeShort(headerLength);
    }

    private static void writeMessage(ByteBuf buffer, MessageLite message, int length) {
        int start = buffer.writerIndex();
        CodedOutputStream out = CodedOutputStream.newInstance(buffer.internalNioBuffer(start, length));
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a message did not fit into the size that it computed", e);
        }
        out.checkNoSpaceLeft();
        buffer.writerIndex(start + length);
    }
}
