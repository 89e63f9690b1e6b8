package io.tractfs.metadata.namespace;

/** A read would have to wait for the disk, and must not. Immutable. */
public final class NotInMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: it is part of the course of things. */
    public NotInMemoryException() {
        super("The value is not in memory", null, false, false);
    }
}
