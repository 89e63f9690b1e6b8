package io.tractfs.tract.gate;

import io.tractfs.error.ErrorCode;

/** What the version gate says to a request. Immutable. */
public enum Verdict {
    /** Go on. */
    ADMIT(ErrorCode.INTERNAL),
    /** The request is older than the store: the caller fetches the table. */
    STALE(ErrorCode.STALE_VERSION),
    /** The store is older than the request: it has yet to hear of its assignment. */
    BEHIND(ErrorCode.BEHIND_VERSION),
    /** The store is no member of the row for the tract's class. */
    NOT_A_MEMBER(ErrorCode.NOT_A_MEMBER),
    /** The store is a member, and does not hold whole what is asked. */
    RECOVERING(ErrorCode.RECOVERING),
    /** The last holders of the class are away: it takes no writes (P2). */
    FROZEN(ErrorCode.CLASS_FROZEN);

    private final ErrorCode code;

    Verdict(ErrorCode code) {
        this.code = code;
    }

    /** The error that a refused caller gets; not asked for {@link #ADMIT}. */
    public ErrorCode code() {
        return code;
    }
}
