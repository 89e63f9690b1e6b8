package io.tractfs.tract.store;

import java.io.IOException;

/** The disk did not give bytes that should be there: damage of that stretch, not the end of the store. Immutable. */
final class ReadFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    ReadFailedException(String message, IOException cause) {
        super(message, cause);
    }
}
