package io.tractfs.wire.frame;

/**
 * The layout of a frame; all numbers are big-endian.
 *
 * <pre>
 *  0        4      5       6              8                8+h                 8+h+b
 *  +--------+------+-------+--------------+----------------+-------------------+
 *  | length | type | flags | headerLength | header         | body              |
 *  | u32    | u8   | u8    | u16 = h      | h bytes        | b bytes           |
 *  +--------+------+-------+--------------+----------------+-------------------+
 *           |&lt;------------------------- length = 4 + h + b --------------------&gt;|
 * </pre>
 *
 * Immutable.
 */
public final class FrameLayout {
    /** Bytes before the header. */
    public static final int PREFIX_BYTES = 8;
    /** Bytes of the prefix that the length counts: type, flags and header length. */
    public static final int COUNTED_PREFIX_BYTES = 4;
    /** Flag: the call's message is in the body, because it is too large for the header. */
    public static final int MESSAGE_IN_BODY = 1;
    /** All flags that have a meaning; others are refused. */
    public static final int KNOWN_FLAGS = MESSAGE_IN_BODY;
    /** A serialized message larger than this goes into the body. */
    public static final int MAX_MESSAGE_IN_HEADER = 32 * 1024;

    private FrameLayout() {}
}
