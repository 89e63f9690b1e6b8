package io.tractfs.checksum;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Makes the plain CRC32C of each piece of a run of bytes that comes in parts: the first piece has as many bytes as are
 * said, each later one {@link ChunkChecksums#CHUNK_SIZE}, the last what is left. Or one CRC32C of them all. Not
 * thread-safe.
 */
public final class PieceCrcs {
    private final CRC32C crc = new CRC32C();
    private final boolean combined;
    private final ByteBuffer target;
    private int left;
    private boolean begun;

    private PieceCrcs(int firstPiece, boolean combined, ByteBuffer target) {
        this.left = firstPiece;
        this.combined = combined;
        this.target = target;
    }

    /**
     * One CRC32C for each piece.
     *
     * @param firstPiece bytes of the first piece, 1 to the chunk size
     * @param length bytes that will come
     */
    public static PieceCrcs ofEach(int firstPiece, int length) {
        if (firstPiece < 1 || firstPiece > ChunkChecksums.CHUNK_SIZE) {
            throw new IllegalArgumentException(
                    "the first piece has 1 to " + ChunkChecksums.CHUNK_SIZE + " bytes, not " + firstPiece);
        }
        return new PieceCrcs(firstPiece, false, ByteBuffer.allocate(Integer.BYTES * count(firstPiece, length)));
    }

    /** One CRC32C of all bytes. */
    public static PieceCrcs ofAll() {
        return new PieceCrcs(0, true, ByteBuffer.allocate(Integer.BYTES));
    }

    /** The number of pieces that a run of bytes has. */
    public static int count(int firstPiece, int length) {
        return length == 0 ? 0 : 1 + ChunkChecksums.chunkCount(Math.max(0, length - firstPiece));
    }

    /** Takes the remaining bytes; afterwards none remain. */
    public void update(ByteBuffer bytes) {
        if (combined) {
            crc.update(bytes);
            return;
        }
        int end = bytes.limit();
        while (bytes.position() < end) {
            int count = Math.min(left, end - bytes.position());
            bytes.limit(bytes.position() + count);
            crc.update(bytes);
            begun = true;
            left -= count;
            if (left == 0) {
                finishPiece();
            }
        }
    }

    private void finishPiece() {
        target.putInt((int) crc.getValue());
        crc.reset();
        left = ChunkChecksums.CHUNK_SIZE;
        begun = false;
    }

    /** The CRC32Cs, 4 bytes big-endian each; called once, after the last bytes. */
    public ByteBuffer finish() {
        if (begun || combined) {
            finishPiece();
        }
        return target.flip();
    }
}
