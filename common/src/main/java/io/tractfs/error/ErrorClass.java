package io.tractfs.error;

/** What a caller does about an error. Immutable. */
public enum ErrorClass {
    /** The same call may be sent again, after a pause. */
    RETRY,
    /** Fetch the table (or find the leader) anew, then send the call again. */
    REFRESH,
    /** The call was refused; sending it again gives the same answer. */
    FAIL,
    /** Nobody knows whether the call took effect; ask, or repeat it under the same call id. */
    UNKNOWN
}
