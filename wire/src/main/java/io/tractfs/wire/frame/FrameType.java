package io.tractfs.wire.frame;

import java.util.Optional;

/** What a frame is. Numbers are wire contract and are never reused. Immutable. */
public enum FrameType {
    /** First frame of the side that dialled; header {@code Hello}. */
    HELLO(1),
    /** Its answer; header {@code HelloReply}. */
    HELLO_REPLY(2),
    /** A call; header {@code RequestHeader}. */
    REQUEST(3),
    /** Answer to a call; header {@code ResponseHeader}. */
    RESPONSE(4),
    /** Asks for a PONG; no header, no body. */
    PING(5),
    /** Answer to PING; no header, no body. */
    PONG(6),
    /** Last frame before the sender closes; header {@code ResponseHeader} with an error code and its text. */
    GOODBYE(7);

    private static final FrameType[] TYPES = values();

    private final int number;

    FrameType(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The type of a number, if there is one. */
    public static Optional<FrameType> ofNumber(int number) {
        return number >= 1 && number <= TYPES.length ? Optional.of(TYPES[number - 1]) : Optional.empty();
    }
}
