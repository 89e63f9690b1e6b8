package io.tractfs.client.retry;

import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;

/**
 * What to do about an error of the metadata server. One place for all calls. Pure.
 *
 * <ul>
 *   <li>RETRY: the server lives and asks for a pause; the same server again, but after failed connections the next.
 *   <li>REFRESH: the server is not the one to ask; the next one at once, a pause once all were asked.
 *   <li>UNKNOWN: the next server, under the same call id: the retry cache keeps a repeated call from acting twice.
 *   <li>FAIL: the answer goes to the caller.
 * </ul>
 */
public final class RetryPolicy {
    private RetryPolicy() {}

    /** What to do. */
    public enum Decision {
        /** Give the error to the caller. */
        FAIL,
        /** Ask the same server again after a pause. */
        SAME_AFTER_PAUSE,
        /** Ask the next server; pause once each was asked. */
        NEXT_SERVER
    }

    /** Whether an error means that the server did not answer. */
    public static boolean isSilent(ErrorCode code) {
        return switch (code) {
            case CONNECT_FAILED, CONNECTION_LOST, DEADLINE_EXCEEDED, SHUTTING_DOWN -> true;
            default -> false;
        };
    }

    /** Whether an error means that nobody listens, or that the server has yet to begin: it may serve at any moment. */
    static boolean isStarting(ErrorCode code) {
        return code == ErrorCode.CONNECT_FAILED || code == ErrorCode.STARTING;
    }

    /** The decision for one error. */
    public static Decision decide(ErrorCode code) {
        if (code == ErrorCode.CONNECT_FAILED || code == ErrorCode.SHUTTING_DOWN) {
            return Decision.NEXT_SERVER;
        }
        if (code == ErrorCode.DISK_FULL) {
            // The metadata server's own disk: asking again does not make space.
            return Decision.FAIL;
        }
        ErrorClass errorClass = code.errorClass();
        return switch (errorClass) {
            case RETRY -> Decision.SAME_AFTER_PAUSE;
            case REFRESH, UNKNOWN -> Decision.NEXT_SERVER;
            case FAIL -> Decision.FAIL;
        };
    }
}
