package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReadTractResponse;

/** Checks what a store sent for a range. Pure. */
public final class ReadReply {
    private ReadReply() {}

    /**
     * The bytes of the range, as a view into the body: verified where they lie, copied nowhere.
     *
     * @throws TractException {@code SHORT}, {@code DAMAGED} (with the offset in the message) or {@code MALFORMED}
     */
    public static ByteBuf verified(TractRange range, ReadTractResponse message, ByteBuf body) throws TractException {
        int start = message.getDataOffset();
        int length = message.getDataLength();
        int prefix = ChunkChecksums.chunkCount(length) * Integer.BYTES;
        if (length < 0 || start != range.alignedOffset() || body.readableBytes() != prefix + length) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "Read of " + range + " answered with offset " + start + ", length " + length + " and a body of "
                            + body.readableBytes() + " bytes");
        }
        if (start + length < range.end()) {
            throw new TractException(
                    ErrorCode.SHORT,
                    "Read of " + range + " ends at " + (start + length) + ", tract length there "
                            + message.getTractLength());
        }
        int at = body.readerIndex();
        int firstChunk = start / ChunkChecksums.CHUNK_SIZE;
        int bad = ChunkChecksums.firstBad(
                range.tract(), firstChunk, body.nioBuffer(at + prefix, length), body.nioBuffer(at, prefix));
        if (bad >= 0) {
            throw new TractException(
                    ErrorCode.DAMAGED, "Chunk " + bad + " of tract " + range.tract() + " does not verify");
        }
        return body.slice(at + prefix + range.offset() - start, range.length());
    }
}
