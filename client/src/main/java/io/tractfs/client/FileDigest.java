package io.tractfs.client;

import java.nio.ByteBuffer;

/**
 * What was worked out of a file's content. Immutable.
 *
 * @param length bytes of the file that it covers
 * @param blockSize logical block size of the file
 * @param bytes by the {@link DigestKind} that was asked for; read-only
 */
public record FileDigest(long length, long blockSize, ByteBuffer bytes) {
    /** Keeps a view that nobody can write to or move. */
    public FileDigest {
        bytes = bytes.slice().asReadOnlyBuffer();
    }

    /** A view from the first byte to the last. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }
}
