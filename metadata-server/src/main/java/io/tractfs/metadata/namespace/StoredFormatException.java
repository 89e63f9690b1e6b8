package io.tractfs.metadata.namespace;

/** A stored record cannot be read: damaged, or written by newer software. The server must stop. Immutable. */
public final class StoredFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was to be read and why it could not. */
    public StoredFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What was to be read and why it could not. */
    public StoredFormatException(String message) {
        super(message);
    }
}
