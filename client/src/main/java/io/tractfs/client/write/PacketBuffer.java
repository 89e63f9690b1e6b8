package io.tractfs.client.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Collects the bytes of one packet behind room for their checksums, so that the finished packet is one run of memory
 * that goes to every replica without a copy:
 *
 * <pre>
 * | unused | checksums, 4 bytes big-endian per piece | data          |
 *          ^ reader index once finished             ^ data begins
 * </pre>
 *
 * A piece is a chunk, or the part of a chunk that the packet covers. Not thread-safe.
 */
final class PacketBuffer {
    private static final int FIRST_BYTES = 64 << 10;

    private final ByteBuf buffer;
    private final int dataStart;
    private final int tract;
    private final int offset;
    private final int capacity;

    /**
     * An empty packet.
     *
     * @param capacity most bytes of data
     * @param hint bytes that are about to come
     */
    PacketBuffer(ByteBufAllocator allocator, int tract, int offset, int capacity, int hint) {
        this.tract = tract;
        this.offset = offset;
        this.capacity = capacity;
        int pieces = pieces(offset, capacity);
        this.dataStart = pieces * Integer.BYTES;
        int first = Math.min(capacity, Math.max(FIRST_BYTES, hint));
        this.buffer = allocator.directBuffer(dataStart + first, dataStart + capacity);
        buffer.setIndex(dataStart, dataStart);
    }

    private static int pieces(int offset, int length) {
        int firstChunk = offset / ChunkChecksums.CHUNK_SIZE;
        return ChunkChecksums.chunkCount(offset + length) - firstChunk;
    }

    int tract() {
        return tract;
    }

    int offset() {
        return offset;
    }

    int length() {
        return buffer.writerIndex() - dataStart;
    }

    int room() {
        return capacity - length();
    }

    void add(byte[] bytes, int from, int length) {
        buffer.writeBytes(bytes, from, length);
    }

    void add(ByteBuf bytes, int length) {
        buffer.writeBytes(bytes, length);
    }

    /** Only the data, as a buffer of its own reference; the packet goes on owning its bytes. */
    ByteBuf data() {
        return buffer.retainedSlice(dataStart, length());
    }

    /** Puts the checksums before the data and hands the buffer over. */
    ByteBuf finish(TractId id) {
        int length = length();
        int pieces = pieces(offset, length);
        int start = dataStart - pieces * Integer.BYTES;
        ByteBuffer data = buffer.nioBuffer(dataStart, length);
        CRC32C crc = new CRC32C();
        int chunk = offset / ChunkChecksums.CHUNK_SIZE;
        int edge = Math.min(length, ChunkChecksums.CHUNK_SIZE - offset % ChunkChecksums.CHUNK_SIZE);
        int at = start;
        while (data.position() < length) {
            data.limit(edge);
            crc.reset();
            crc.update(data);
            buffer.setInt(at, (int) crc.getValue() ^ ChunkChecksums.placeMix(id, chunk++));
            at += Integer.BYTES;
            edge = Math.min(length, edge + ChunkChecksums.CHUNK_SIZE);
        }
        buffer.readerIndex(start);
        return buffer;
    }

    void release() {
        buffer.release();
    }

    /** The data of a finished packet. */
    static ByteBuf dataOf(ByteBuf finished, Packet packet) {
        int prefix = pieces(packet.offset(), packet.length()) * Integer.BYTES;
        return finished.slice(finished.readerIndex() + prefix, packet.length());
    }
}
