package io.tractfs.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** Beginnings of HTTP/2 connections and gRPC calls, written by hand. Pure. */
public final class RawHttp2 {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_HEADERS = 4;

    private RawHttp2() {}

    /** What a client begins with. */
    public static byte[] preface() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        bytes.writeBytes(frame(0, SETTINGS, 0, 0, new byte[0]));
        return bytes.toByteArray();
    }

    /** A frame that says that it is as long as can be, without its content. */
    public static byte[] absurdFrame() {
        return frame(0xFFFFFF, DATA, 0, 1, new byte[0]);
    }

    /** A call of a method whose message is said to be of some length, and does not come. */
    public static byte[] call(String path, int length) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(0x83); // :method POST
        headers.write(0x86); // :scheme http
        headers.write(0x04); // :path
        text(headers, path);
        headers.write(0x01); // :authority
        text(headers, "x");
        headers.write(0x0F); // content-type, entry 31 of the static table
        headers.write(0x10);
        text(headers, "application/grpc");
        headers.write(0x00);
        text(headers, "te");
        text(headers, "trailers");
        byte[] prefix = {0, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frame(headers.size(), HEADERS, END_HEADERS, 1, headers.toByteArray()));
        bytes.writeBytes(frame(prefix.length, DATA, 0, 1, prefix));
        return bytes.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(US_ASCII));
    }

    private static byte[] frame(int length, int type, int flags, int stream, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(length >>> 16);
        bytes.write(length >>> 8);
        bytes.write(length);
        bytes.write(type);
        bytes.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(stream >>> shift);
        }
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }
}
