package io.tractfs.client.read;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.checksum.CombinedCrc;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the MD5 of each block's CRC32Cs from the CRC32Cs of ranges that follow each other. A chunk that a tract or a
 * segment cuts comes in pieces, whose CRCs are joined. Not thread-safe.
 */
final class BlockMd5s {
    private final MessageDigest block = md5();
    private final ByteArrayOutputStream finished = new ByteArrayOutputStream();
    private final ByteBuffer scratch = ByteBuffer.allocate(Integer.BYTES);
    private int pieceCrc;
    private int pieceLength;

    /** Bytes that the chunk which has begun still lacks. */
    int missing() {
        return ChunkChecksums.CHUNK_SIZE - pieceLength;
    }

    /**
     * Takes the pieces of a range, of which the first is {@link #missing()} bytes long, or the range if that is shorter.
     *
     * @param length bytes of the range
     */
    void add(IntBuffer crcs, int length) {
        int left = length;
        while (crcs.hasRemaining()) {
            int size = Math.min(missing(), left);
            pieceCrc = CombinedCrc.of(pieceCrc, crcs.get(), size);
            pieceLength += size;
            left -= size;
            if (pieceLength == ChunkChecksums.CHUNK_SIZE) {
                finishChunk();
            }
        }
    }

    private void finishChunk() {
        block.update(scratch.clear().putInt(pieceCrc).flip());
        pieceCrc = 0;
        pieceLength = 0;
    }

    /** Ends the block. */
    void finishBlock() {
        if (pieceLength > 0) {
            finishChunk();
        }
        finished.writeBytes(block.digest());
    }

    /** The MD5s of all blocks that were ended. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(finished.toByteArray());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
