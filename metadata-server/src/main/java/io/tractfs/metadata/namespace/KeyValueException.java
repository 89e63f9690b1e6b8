package io.tractfs.metadata.namespace;

/** The store under the tables failed: the server must stop, what it has acknowledged is in the log. Immutable. */
public final class KeyValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was tried, and why it failed. */
    public KeyValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
