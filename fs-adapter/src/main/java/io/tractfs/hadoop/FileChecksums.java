package io.tractfs.hadoop;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.client.DigestKind;
import io.tractfs.client.FileDigest;
import io.tractfs.client.TractFsClient;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CompositeCrcFileChecksum;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.MD5MD5CRC32CastagnoliFileChecksum;
import org.apache.hadoop.fs.MD5MD5CRC32GzipFileChecksum;
import org.apache.hadoop.fs.Options.ChecksumCombineMode;
import org.apache.hadoop.io.MD5Hash;
import org.apache.hadoop.util.DataChecksum;

/**
 * The checksums of files, byte for byte those that HDFS gives for the same content and block size with its defaults
 * (CRC32C of every 512 bytes), so that tools can compare files of both. {@code dfs.checksum.combine.mode} says which of
 * its two kinds. Thread-safe.
 */
final class FileChecksums {
    private static final String COMBINE_MODE = "dfs.checksum.combine.mode";
    /** The smallest buffer into which HDFS gathers the MD5s of blocks; it digests the buffer, not what was gathered. */
    private static final int LEAST_BUFFER = 32;

    private final ClusterSession session;
    private final ChecksumCombineMode mode;

    /** Checksums of the session's files. */
    FileChecksums(ClusterSession session, Configuration configuration) {
        this.session = session;
        this.mode = mode(configuration.getTrimmed(COMBINE_MODE, ChecksumCombineMode.MD5MD5CRC.name()));
    }

    /** As HDFS does, a mode that is unknown is the default one. */
    private static ChecksumCombineMode mode(String name) {
        try {
            return ChecksumCombineMode.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return ChecksumCombineMode.MD5MD5CRC;
        }
    }

    /**
     * The checksum of a file's first bytes.
     *
     * @param length bytes wanted; the file's length if that is less
     */
    FileChecksum of(String path, long length) throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("Length of a checksum is at least 0, not " + length + ": " + path);
        }
        if (length == 0) {
            return empty();
        }
        DigestKind kind = mode == ChecksumCombineMode.COMPOSITE_CRC ? DigestKind.CRC32C : DigestKind.BLOCK_MD5S;
        FileDigest digest = session.call(path, client -> digest(client, path, length, kind));
        if (digest.length() == 0) {
            return empty();
        }
        return kind == DigestKind.CRC32C
                ? new CompositeCrcFileChecksum(
                        digest.bytes().getInt(), DataChecksum.Type.CRC32C, ChunkChecksums.CHUNK_SIZE)
                : ofBlocks(digest);
    }

    /** That a file is being written has no exception of its own here in HDFS. */
    private static FileDigest digest(TractFsClient client, String path, long length, DigestKind kind)
            throws IOException {
        try {
            return client.digest(path, length, kind);
        } catch (TractException e) {
            if (e.code() == ErrorCode.LEASE_CONFLICT) {
                throw new IOException(e.getMessage(), e);
            }
            throw e;
        }
    }

    private static FileChecksum ofBlocks(FileDigest digest) {
        boolean several = digest.length() > digest.blockSize();
        long crcsPerBlock = (digest.blockSize() + ChunkChecksums.CHUNK_SIZE - 1) / ChunkChecksums.CHUNK_SIZE;
        return new MD5MD5CRC32CastagnoliFileChecksum(
                ChunkChecksums.CHUNK_SIZE, several ? crcsPerBlock : 0, md5(padded(digest.bytes())));
    }

    /** HDFS's buffer, which grows by doubling, is zero behind the MD5s. */
    private static byte[] padded(ByteBuffer md5s) {
        byte[] bytes = new byte[md5s.remaining()];
        md5s.get(bytes);
        int size = LEAST_BUFFER;
        while (size < bytes.length) {
            size *= 2;
        }
        return Arrays.copyOf(bytes, size);
    }

    /** What HDFS gives for a file without blocks, in either mode. */
    private static FileChecksum empty() {
        return new MD5MD5CRC32GzipFileChecksum(0, 0, md5(new byte[LEAST_BUFFER]));
    }

    private static MD5Hash md5(byte[] bytes) {
        try {
            return new MD5Hash(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
