package io.tractfs.metadata.namespace;

import io.tractfs.id.ClientId;

/**
 * Who writes a file. Immutable.
 *
 * @param state whether anybody does
 * @param holder session; {@link CallName#NO_CLIENT} unless open
 * @param created whether that session created the file
 */
record Writer(State state, ClientId holder, boolean created) {
    /** Nobody: the file is closed. */
    static final Writer NOBODY = new Writer(State.CLOSED, CallName.NO_CLIENT, false);

    /** Nobody any more: the writer was fenced, and its recovery decides the length (P19). */
    static final Writer RECOVERY = new Writer(State.RECOVERING, CallName.NO_CLIENT, false);

    /** States of a file. */
    enum State {
        /** Not open. */
        CLOSED,
        /** A session writes. */
        OPEN,
        /** Writer recovery is under way. */
        RECOVERING
    }

    /** A session that writes. */
    static Writer of(ClientId holder, boolean created) {
        return new Writer(State.OPEN, holder, created);
    }

    /** Whether the file is not closed. */
    boolean isOpen() {
        return state != State.CLOSED;
    }
}
