package io.tractfs.client.write;

/**
 * A run of bytes of one tract that is sent as one request. The bytes themselves are kept by the driver under the
 * packet's number until the core releases it. Immutable.
 *
 * @param number names the packet within its segment
 * @param tract position of the tract in the blob
 * @param offset of the first byte in the tract
 * @param length bytes, at least 1
 */
public record Packet(long number, int tract, int offset, int length) {
    /** Checks the ranges. */
    public Packet {
        if (tract < 0 || offset < 0 || length < 1) {
            throw new IllegalArgumentException(
                    "Packet of tract " + tract + ", offset " + offset + ", length " + length);
        }
    }

    /** Offset behind the last byte. */
    public int end() {
        return offset + length;
    }
}
