package io.tractfs.client.write;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;

/** What a writer makes of a store's refusal. Pure. */
final class Refusals {
    private Refusals() {}

    /** What to do. */
    enum Remedy {
        /** The member is all right: ask it again after a pause. */
        PAUSE,
        /** The table is old: refresh it, then ask again. */
        REFRESH,
        /** The member is not all right: tell the leader, refresh, ask again. */
        COMPLAIN,
        /** Another writer has taken over. */
        FENCED,
        /** Asking again cannot help. */
        FAIL
    }

    static Remedy remedy(ErrorCode code) {
        return switch (code) {
            case BUSY, EXPIRED_BEFORE_START, CHECKSUM_MISMATCH, GAP, RECOVERING, BEHIND_VERSION, STARTING ->
                Remedy.PAUSE;
            case STALE_VERSION, NOT_A_MEMBER, TRACT_NOT_FOUND, ROW_UNAVAILABLE, CLASS_FROZEN -> Remedy.REFRESH;
            case GENERATION_FENCED -> Remedy.FENCED;
            case CONFLICTING_BYTES,
                    CAPABILITY_REFUSED,
                    MALFORMED,
                    UNKNOWN_METHOD,
                    PROTOCOL_MISMATCH,
                    UNSUPPORTED,
                    TOO_LARGE,
                    AUTHENTICATION_FAILED,
                    INVALID_ARGUMENT -> Remedy.FAIL;
            default -> Remedy.COMPLAIN;
        };
    }

    static TractException fenced(WriteTarget target, String message) {
        return new TractException(
                ErrorCode.LEASE_EXPIRED,
                "Another writer took over the file: blob " + target.blob() + ", own generation " + target.generation()
                        + " (" + message + ")");
    }
}
