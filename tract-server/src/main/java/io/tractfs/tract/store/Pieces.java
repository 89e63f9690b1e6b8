package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.tract.store.TractStorage.TractWrite;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Pieces: a range of a tract cut at the chunks' edges. The first and last piece may be parts of a chunk. Each piece has
 * the CRC32C of its bytes, bound to tract and chunk. All methods are pure.
 */
public final class Pieces {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private Pieces() {}

    /** The number of pieces of a range. */
    public static int count(int offset, int length) {
        return length == 0 ? 0 : (offset + length - 1) / CHUNK - offset / CHUNK + 1;
    }

    /** Writes the bound checksums of a range's pieces; for those who send. The positions of the data are left alone. */
    public static ByteBuffer checksums(TractId tract, int offset, ByteBuffer data) {
        ByteBuffer pieces = ByteBuffer.allocate(count(offset, data.remaining()) * Integer.BYTES);
        ByteBuffer slice = data.duplicate();
        int end = data.limit();
        int at = offset;
        while (slice.position() < end) {
            int size = Math.min(CHUNK - at % CHUNK, end - slice.position());
            slice.limit(slice.position() + size);
            pieces.putInt(ChunkChecksums.bound(tract, at / CHUNK, slice));
            slice.position(slice.limit());
            at += size;
        }
        return pieces.flip();
    }

    /**
     * Checks a write's shape and every piece of it.
     *
     * @param data the bytes of the write
     * @return plain CRC32C of each piece
     * @throws TractException INVALID_ARGUMENT, CHECKSUM_MISMATCH
     */
    public static int[] verify(TractWrite write, ByteBuffer data) throws TractException {
        int length = data.remaining();
        checkBounds(write.tract(), write.offset(), length, write.tractSize());
        ByteBuffer pieces = write.pieces();
        if (pieces.remaining() != count(write.offset(), length) * Integer.BYTES) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + write.tract() + ": " + pieces.remaining() + " bytes of checksums for "
                            + count(write.offset(), length) + " pieces");
        }
        return plainOf(write.tract(), write.offset(), data, pieces);
    }

    /**
     * Checks the shape and every chunk of bytes that another store gave.
     *
     * @return plain CRC32C of each chunk
     * @throws TractException INVALID_ARGUMENT, CHECKSUM_MISMATCH
     */
    public static int[] verify(ReconciledBytes bytes) throws TractException {
        TractState source = bytes.source();
        int length = bytes.data().remaining();
        checkBounds(source.tract(), bytes.offset(), length, source.tractSize());
        if (bytes.offset() % CHUNK != 0
                || bytes.checksums().remaining() != ChunkChecksums.chunkCount(length) * Integer.BYTES) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + source.tract()
                            + ": reconciled bytes begin at a chunk's edge with a checksum per chunk, not at "
                            + bytes.offset() + " with " + bytes.checksums().remaining() + " bytes of checksums");
        }
        return plainOf(source.tract(), bytes.offset(), bytes.data(), bytes.checksums());
    }

    private static void checkBounds(TractId tract, int offset, int length, int tractSize) throws TractException {
        if (offset < 0 || tractSize <= 0 || (long) offset + length > tractSize) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + tract + ": range " + offset + "+" + length + " leaves the tract of " + tractSize);
        }
    }

    /** Verifies each piece; the plain checksums are kept, so that the bytes are walked once. */
    private static int[] plainOf(TractId tract, int offset, ByteBuffer data, ByteBuffer pieces) throws TractException {
        int[] plain = new int[count(offset, data.remaining())];
        CRC32C crc = new CRC32C();
        ByteBuffer slice = data.duplicate();
        int end = data.limit();
        int at = offset;
        for (int i = 0; i < plain.length; i++) {
            int size = Math.min(CHUNK - at % CHUNK, end - slice.position());
            slice.limit(slice.position() + size);
            crc.reset();
            crc.update(slice);
            plain[i] = (int) crc.getValue();
            int bound = plain[i] ^ ChunkChecksums.placeMix(tract, at / CHUNK);
            if (pieces.getInt(pieces.position() + i * Integer.BYTES) != bound) {
                throw new TractException(
                        ErrorCode.CHECKSUM_MISMATCH, "tract " + tract + ": bytes at " + at + " do not verify");
            }
            at += size;
        }
        return plain;
    }
}
