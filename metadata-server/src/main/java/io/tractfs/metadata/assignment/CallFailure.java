package io.tractfs.metadata.assignment;

/** Why a call to a store gave no answer. Immutable. */
public enum CallFailure {
    /** Nobody listens there: the process is gone. */
    REFUSED,
    /** The store has granted a newer epoch, or the same one of another lineage: this leadership is over (P12). */
    FENCED,
    /** The store does not know itself under that incarnation, or has failed. */
    NOT_SERVED,
    /** The store is not ready for this leader yet, and asks to be called again. */
    NOT_READY,
    /** No answer in time, or the connection broke: nobody knows. */
    SILENT
}
