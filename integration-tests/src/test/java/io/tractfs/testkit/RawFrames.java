package io.tractfs.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;

/** Frames of the wire protocol written by hand, right or nearly right (docs/wire-protocol.md). Pure. */
public final class RawFrames {
    private static final int HELLO = 1;
    private static final int REQUEST = 3;
    private static final int MOST_FIELDS = 14;
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;

    private RawFrames() {}

    /** A hello that a server accepts. */
    public static byte[] hello() {
        return hello(1);
    }

    /** A hello of a version that no server speaks. */
    public static byte[] strangeHello() {
        return hello(1000);
    }

    private static byte[] hello(int version) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        varint(message, 1, version);
        varint(message, 2, version);
        bytes(message, 7, "simple".getBytes(UTF_8));
        bytes(message, 8, "raw".getBytes(UTF_8));
        bytes(message, 9, "raw".getBytes(UTF_8));
        return frame(HELLO, message.toByteArray(), new byte[0]);
    }

    /** A call of a method with a message of any bytes, and a body. */
    public static byte[] request(int method, long callId, byte[] message, byte[] body) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        varint(header, 1, callId);
        varint(header, 2, method);
        varint(header, 3, 10_000);
        bytes(header, 4, new byte[16]);
        varint(header, 5, callId);
        bytes(header, 8, message);
        return frame(REQUEST, header.toByteArray(), body);
    }

    /** A message that parses, with random fields of random values. */
    public static byte[] randomMessage(Random random, int depth) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int fields = random.nextInt(8);
        for (int i = 0; i < fields; i++) {
            int number = 1 + random.nextInt(MOST_FIELDS);
            switch (random.nextInt(4)) {
                case 0 -> varint(message, number, random.nextBoolean() ? random.nextInt(10) : random.nextLong());
                case 1 -> {
                    raw(message, ((long) number << 3) | WIRE_FIXED64);
                    byte[] value = new byte[Long.BYTES];
                    random.nextBytes(value);
                    message.writeBytes(value);
                }
                case 2 -> bytes(message, number, text(random));
                default -> bytes(message, number, depth > 0 ? randomMessage(random, depth - 1) : new byte[16]);
            }
        }
        return message.toByteArray();
    }

    private static byte[] text(Random random) {
        String[] texts = {
            "/", "/a/../b", "//", "", "/.reserved/x", "/\u0000", "/é\uD83D\uDE00", "relative", "/" + "n".repeat(300)
        };
        return texts[random.nextInt(texts.length)].getBytes(UTF_8);
    }

    private static byte[] frame(int type, byte[] header, byte[] body) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(4 + header.length + body.length);
            out.writeByte(type);
            out.writeByte(0);
            out.writeShort(header.length);
            out.write(header);
            out.write(body);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new AssertionError("memory cannot fail", e);
        }
    }

    private static void varint(ByteArrayOutputStream out, int number, long value) {
        raw(out, ((long) number << 3) | WIRE_VARINT);
        raw(out, value);
    }

    private static void bytes(ByteArrayOutputStream out, int number, byte[] value) {
        raw(out, ((long) number << 3) | WIRE_BYTES);
        raw(out, value.length);
        out.writeBytes(value);
    }

    private static void raw(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
