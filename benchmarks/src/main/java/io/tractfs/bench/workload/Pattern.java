package io.tractfs.bench.workload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * What files contain: random bytes with a period that divides no size of a block, tract, packet or chunk, begun at
 * another place in each file, so that bytes of another place or file are noticed. Immutable.
 */
final class Pattern {
    /** Bytes of one call of a stream. */
    static final int CALL = 128 << 10;

    private static final int PERIOD = (1 << 20) + 4_093;
    private static final int SHIFT = 7_919;
    private static final byte[] BYTES = bytes();

    private final int start;

    /** The content of the file with a number. */
    Pattern(int number) {
        this.start = (int) ((long) number * SHIFT % PERIOD);
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[PERIOD + CALL];
        new Random(1).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, PERIOD, CALL);
        return bytes;
    }

    private int at(long offset) {
        return (int) ((offset + start) % PERIOD);
    }

    /** Writes a range of at most {@link #CALL} bytes. */
    void write(OutputStream out, long offset, int length) throws IOException {
        out.write(BYTES, at(offset), length);
    }

    /** Compares a range of at most {@link #CALL} bytes. */
    void check(byte[] read, int length, long offset, Object what) throws IOException {
        int from = at(offset);
        int different = Arrays.mismatch(read, 0, length, BYTES, from, from + length);
        if (different >= 0) {
            throw new IOException("Wrong byte at " + (offset + different) + " of " + what);
        }
    }

    /** Compares the first and the last bytes of a range. */
    void checkEnds(byte[] read, int length, long offset, Object what) throws IOException {
        int from = at(offset);
        int some = Math.min(length, 64);
        int last = length - some;
        if (!Arrays.equals(read, 0, some, BYTES, from, from + some)
                || !Arrays.equals(read, last, length, BYTES, from + last, from + length)) {
            throw new IOException("Wrong bytes in " + length + " bytes at " + offset + " of " + what);
        }
    }

    /** Reads a stream to its end and compares all of it with what was written. */
    void checkAll(InputStream in, long length, Object what) throws IOException {
        byte[] buffer = new byte[CALL];
        long offset = 0;
        while (true) {
            int read = in.read(buffer, 0, CALL);
            if (read < 0) {
                break;
            }
            check(buffer, read, offset, what);
            offset += read;
        }
        if (offset != length) {
            throw new EOFException(what + " has " + offset + " bytes, not " + length);
        }
    }
}
