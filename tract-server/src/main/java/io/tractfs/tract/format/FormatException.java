package io.tractfs.tract.format;

import java.io.IOException;

/** Bytes on the disk are not what the format says. Immutable. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean newer;

    /** Says what was expected and what was found. */
    public FormatException(String message) {
        this(message, false);
    }

    /**
     * Says what was expected and what was found.
     *
     * @param newer whether a newer program wrote it, so that it is not damage
     */
    public FormatException(String message, boolean newer) {
        super(message);
        this.newer = newer;
    }

    /** Whether a newer program wrote it. */
    public boolean isNewer() {
        return newer;
    }
}
