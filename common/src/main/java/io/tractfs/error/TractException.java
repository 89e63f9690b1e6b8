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
        super(message, cause);
        this.code = code;
        this.version = version;
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }

    /** The row version that the refusing store holds; {@link RowVersion#NONE} where it does not apply. */
    public RowVersion version() {
        return version;
    }
}
