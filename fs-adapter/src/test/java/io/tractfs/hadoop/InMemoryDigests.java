package io.tractfs.hadoop;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.checksum.PieceCrcs;
import io.tractfs.client.DigestKind;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of files that have one block. Immutable. */
final class InMemoryDigests {
    private InMemoryDigests() {}

    static ByteBuffer of(ByteBuffer bytes, DigestKind kind) {
        PieceCrcs crcs = kind == DigestKind.CRC32C
                ? PieceCrcs.ofAll()
                : PieceCrcs.ofEach(ChunkChecksums.CHUNK_SIZE, bytes.remaining());
        crcs.update(bytes);
        return kind == DigestKind.CRC32C ? crcs.finish() : md5(crcs.finish());
    }

    private static ByteBuffer md5(ByteBuffer crcs) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(crcs);
            return ByteBuffer.wrap(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
