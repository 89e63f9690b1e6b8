package io.tractfs.checksum;

import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C of every 512 bytes, bound to its place: what is stored and sent is the CRC of the bytes XOR a mix of tract id
 * and chunk number, so bytes of another place never verify, and the plain CRC (which HDFS's file checksums are made of)
 * can still be had without reading data. All methods are pure.
 */
public final class ChunkChecksums {
    /** Bytes that one checksum covers; HDFS's unit. */
    public static final int CHUNK_SIZE = 512;

    private ChunkChecksums() {}

    /** The number of chunks that hold this many bytes. */
    public static int chunkCount(int lengthBytes) {
        return (lengthBytes + CHUNK_SIZE - 1) / CHUNK_SIZE;
    }

    /** The mix that binds a checksum to its place; the upper half of fmix64 over tract id and chunk number. */
    public static int placeMix(TractId tract, int chunk) {
        long h = RowHash.hash(tract.blob()) + ((long) tract.index() << 32) + chunk;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        return (int) (h >>> 32);
    }

    /** The plain CRC32C of the buffer's remaining bytes; its position is left as it was. */
    public static int plain(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /** The bound checksum of one chunk; the buffer's position is left as it was. */
    public static int bound(TractId tract, int chunk, ByteBuffer bytes) {
        return plain(bytes) ^ placeMix(tract, chunk);
    }

    /**
     * Writes the bound checksums of a run of bytes that begins at a chunk's edge. The last chunk may be partial.
     *
     * @param firstChunk number of the chunk where the bytes begin
     * @param bytes the remaining bytes are covered; position is left as it was
     * @param target receives 4 bytes big-endian per chunk, from its position on
     */
    public static void compute(TractId tract, int firstChunk, ByteBuffer bytes, ByteBuffer target) {
        CRC32C crc = new CRC32C();
        ByteBuffer slice = bytes.duplicate();
        int end = bytes.limit();
        for (int chunk = firstChunk; slice.position() < end; chunk++) {
            slice.limit(Math.min(end, slice.position() + CHUNK_SIZE));
            crc.reset();
            crc.update(slice);
            target.putInt((int) crc.getValue() ^ placeMix(tract, chunk));
        }
    }

    /**
     * Verifies a run of bytes that begins at a chunk's edge.
     *
     * @param checksums 4 bytes big-endian per chunk from its position on; position is left as it was
     * @return the number of the first chunk that does not verify, or -1 if all do
     */
    public static int firstBad(TractId tract, int firstChunk, ByteBuffer bytes, ByteBuffer checksums) {
        CRC32C crc = new CRC32C();
        ByteBuffer slice = bytes.duplicate();
        int end = bytes.limit();
        int at = checksums.position();
        for (int chunk = firstChunk; slice.position() < end; chunk++, at += Integer.BYTES) {
            slice.limit(Math.min(end, slice.position() + CHUNK_SIZE));
            crc.reset();
            crc.update(slice);
            if (checksums.getInt(at) != ((int) crc.getValue() ^ placeMix(tract, chunk))) {
                return chunk;
            }
        }
        return -1;
    }
}
