package io.tractfs.wire.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;

/**
 * Raw bytes that follow a message. A body is handed over with the call that takes it as an argument: from then on that
 * callee releases it, also when it fails. A body is sent once. Not thread-safe.
 */
public sealed interface Body permits Body.None, Body.Buffer, Body.Region {
    /** No bytes. */
    Body NONE = new None();

    /** Number of bytes. */
    long length();

    /** Gives the bytes up without sending them. */
    void release();

    /** A body of the readable bytes of a buffer, which is handed over. */
    static Body of(ByteBuf buffer) {
        return new Buffer(buffer);
    }

    /** A body of a buffer (such as checksums) and the file pages that follow it; both are handed over. */
    static Body of(ByteBuf prefix, FileRegion region) {
        return new Region(prefix, region);
    }

    /** No bytes. Immutable. */
    record None() implements Body {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public void release() {}
    }

    /**
     * Bytes in memory.
     *
     * @param buffer its readable bytes are the body
     */
    record Buffer(ByteBuf buffer) implements Body {
        @Override
        public long length() {
            return buffer.readableBytes();
        }

        @Override
        public void release() {
            buffer.release();
        }
    }

    /**
     * Bytes in memory, then pages of a file that go to the socket without passing through the heap.
     *
     * @param prefix its readable bytes begin the body
     * @param region the rest of the body; the file must hold all of it until it is sent
     */
    record Region(ByteBuf prefix, FileRegion region) implements Body {
        @Override
        public long length() {
            return prefix.readableBytes() + region.count();
        }

        @Override
        public void release() {
            prefix.release();
            region.release();
        }
    }
}
