package io.tractfs.tract.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file has the name of a tract and nothing in it says what it holds. Immutable. */
final class UnreadableTractException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableTractException(String message, @Nullable IOException cause) {
        super(message, cause);
    }
}
