package io.tractfs.metadata.namespace;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A protocol buffers message that is written field by field into memory that grows and is used again. Not thread-safe. */
final class MessageBuffer {
    private static final int FIRST_BYTES = 256;
    private static final int LONGEST_VARINT = 10;
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int TYPE_BITS = 3;
    private static final int GROUP_BITS = 7;
    private static final long GROUP_MASK = 0x7F;
    private static final int MORE = 0x80;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    /** Number of bytes written. */
    int size() {
        return size;
    }

    /** Begins anew, in the same memory. */
    void clear() {
        size = 0;
    }

    /** Adds a number; zero, being the default of every field, takes no bytes. */
    void number(int field, long value) {
        if (value != 0) {
            reserve(2 * LONGEST_VARINT);
            varint((long) field << TYPE_BITS | VARINT);
            varint(value);
        }
    }

    /** Adds bytes, or a text as UTF-8; none take no bytes. */
    void bytes(int field, byte[] from, int offset, int length) {
        if (length > 0) {
            message(field, from, offset, length);
        }
    }

    /** Adds an encoded message, also an empty one. */
    void message(int field, byte[] from, int offset, int length) {
        reserve(2 * LONGEST_VARINT + length);
        varint((long) field << TYPE_BITS | DELIMITED);
        varint(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    /** Adds the message that another buffer holds. */
    void message(int field, MessageBuffer from) {
        message(field, from.bytes, 0, from.size);
    }

    /** What was written. This buffer must not be written to any more. */
    ByteBuffer finish() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~GROUP_MASK) != 0) {
            bytes[size++] = (byte) ((rest & GROUP_MASK) | MORE);
            rest >>>= GROUP_BITS;
        }
        bytes[size++] = (byte) rest;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
