package io.tractfs.wire.frame;

/**
 * How large a frame may be. Immutable.
 *
 * @param maxHeaderBytes most bytes of a header
 * @param maxBodyBytes most bytes of a body
 * @param maxFrameBytes most bytes of the whole frame, its length field included
 */
public record FrameLimits(int maxHeaderBytes, int maxBodyBytes, int maxFrameBytes) {
    private static final int MAX_HEADER_BYTES = 0xFFFF;
    private static final int MAX_DATA_BYTES = 8 << 20;
    private static final int MAX_CHECKSUM_BYTES = MAX_DATA_BYTES / 512 * Integer.BYTES;
    /** Room for one more piece of a chunk at either end of an unaligned range. */
    private static final int SLACK_BYTES = 1024;

    /** A body of 8 MiB and its checksums. */
    public static final int MAX_BODY_BYTES = MAX_DATA_BYTES + MAX_CHECKSUM_BYTES + SLACK_BYTES;
    /** Limits while the peer has not said who it is. */
    public static final FrameLimits BEFORE_HELLO = new FrameLimits(4096, 0, 4096);
    /** Limits once it has. */
    public static final FrameLimits AFTER_HELLO = new FrameLimits(
            MAX_HEADER_BYTES, MAX_BODY_BYTES, FrameLayout.PREFIX_BYTES + MAX_HEADER_BYTES + MAX_BODY_BYTES);
}
