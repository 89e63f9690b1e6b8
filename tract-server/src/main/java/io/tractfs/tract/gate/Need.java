package io.tractfs.tract.gate;

/** What a request wants, as far as the version gate is concerned. Immutable. */
public enum Need {
    /** Bytes, "have you up to here?", a fence or a cut: exactly the store's version, by a member for the class. */
    WRITE(true),
    /** How far the tail of an open file reaches: exactly the store's version (P14). */
    TAIL(false),
    /** The row's list for reconcile: exactly the store's version, by a holder of what is asked (P11). */
    LIST(false),
    /** Bytes that cannot change any more: any version, if the bytes are there (P14). */
    CLOSED_READ(false);

    private final boolean promised;

    Need(boolean promised) {
        this.promised = promised;
    }

    /** Whether its acknowledgement is what accepting a newer version promises to end (P9). */
    public boolean isPromised() {
        return promised;
    }
}
