package io.tractfs.cli.console;

/** A command cannot do what it was asked to; the message is all that the user sees. Immutable. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** A failure with what to tell the user. */
    public CommandFailure(String message) {
        super(message);
    }

    /** A failure with what to tell the user, and its cause. */
    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
