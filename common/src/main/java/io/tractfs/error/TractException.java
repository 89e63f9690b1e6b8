package io.tractfs.error;

import io.tractfs.id.RowVersion;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one exception for operating errors; carries the code that crosses the wire. The message names the thing, the
 * value and what was expected. Immutable.
 */
public final class TractException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final RowVersion version;
    private final String leader;

    /** An error with its message. */
    public TractException(ErrorCode code, String message) {
        this(code, message, RowVersion.NONE, null);
    }

    /** An error with its cause. */
    public TractException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, RowVersion.NONE, cause);
    }

    /** An error of the version gate, with the version that the store holds. */
    public TractException(ErrorCode code, String message, RowVersion version, @Nullable Throwable cause) {
        this(code, message, version, "", cause);
    }

    /** The refusal of a metadata server that does not lead, with the address of the one that does; empty if not known. */
    public TractException(
            ErrorCode code, String message, RowVersion version, String leader, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.version = version;
        this.leader = leader;
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }

    /** The row version that the refusing store holds; {@link RowVersion#NONE} where it does not apply. */
    public RowVersion version() {
        return version;
    }

    /** {@code host:port} of the metadata server to ask instead; empty where it is not known or does not apply. */
    public String leader() {
        return leader;
    }
}
