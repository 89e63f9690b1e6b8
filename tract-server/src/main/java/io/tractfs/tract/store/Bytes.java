package io.tractfs.tract.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key or a value; compares as unsigned bytes. Immutable as long as nobody writes to the array it was made of. */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes over an array. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /** What was put into a buffer so far. */
    public static Bytes of(ByteBuffer filled) {
        byte[] bytes = new byte[filled.position()];
        filled.duplicate().flip().get(bytes);
        return new Bytes(bytes);
    }

    /** A name in ASCII. */
    public static Bytes name(String text) {
        return new Bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The array; not to be written to. */
    public byte[] array() {
        return bytes;
    }

    /** For reading numbers. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** The least key that is greater. */
    public Bytes next() {
        return new Bytes(Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** Whether these bytes begin with others. */
    public boolean startsWith(Bytes prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Arrays.toString(bytes);
    }
}
