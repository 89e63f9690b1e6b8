package io.tractfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SplittableRandom;

/**
 * The bytes of a file made from a seed: the same seed and length give the same bytes, so nothing needs to be kept to
 * compare. Immutable.
 *
 * @param seed of the bytes
 * @param length in bytes
 */
public record RandomFile(long seed, long length) {
    private static final int BLOCK = 1 << 16;

    /** Writes all bytes. */
    public void writeTo(OutputStream out) throws IOException {
        for (long at = 0; at < length; at += BLOCK) {
            out.write(block(at), 0, (int) Math.min(BLOCK, length - at));
        }
    }

    /** Reads to the end and compares; the error names the first block that differs. */
    public void assertEqualTo(InputStream in) throws IOException {
        byte[] got = new byte[BLOCK];
        for (long at = 0; at < length; at += BLOCK) {
            int wanted = (int) Math.min(BLOCK, length - at);
            int read = in.readNBytes(got, 0, wanted);
            byte[] block = block(at);
            if (read != wanted || !java.util.Arrays.equals(got, 0, wanted, block, 0, wanted)) {
                throw new AssertionError("seed " + seed + ": bytes differ in the block at " + at + " of " + length
                        + " (read " + read + " of " + wanted + ")");
            }
        }
        if (in.read() != -1) {
            throw new AssertionError("seed " + seed + ": more than " + length + " bytes");
        }
    }

    /** The block that begins at an offset (a multiple of 64 KiB). */
    private byte[] block(long at) {
        byte[] bytes = new byte[BLOCK];
        new SplittableRandom(seed * 1_000_003 + at).nextBytes(bytes);
        return bytes;
    }
}
