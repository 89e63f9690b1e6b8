package io.tractfs.wire.frame;

/**
 * Decides whether a frame may be read into memory. Called once its length is known, and again after each
 * {@link FrameDecoder#resume()}, until it agrees. Confined to the event loop of its connection.
 */
@FunctionalInterface
public interface FrameAdmission {
    /** Lets every frame in. */
    FrameAdmission ALWAYS = (type, length) -> true;

    /**
     * Whether the frame may be read now. Whoever refuses calls {@link FrameDecoder#resume()} later.
     *
     * @param length bytes of header and body
     */
    boolean admit(FrameType type, int length);
}
