package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.util.Optional;

/**
 * Whether an administrator wants no changes of the namespace. Soft state of this process, as in HDFS: a start, and another
 * leader, begin without. Thread-safe.
 */
final class SafeMode {
    private volatile boolean on;

    /** Begins or ends it. */
    void set(boolean wanted) {
        on = wanted;
    }

    boolean isOn() {
        return on;
    }

    /** Why a call is refused; empty if it is not. */
    Optional<TractException> refusal(String method) {
        return on
                ? Optional.of(new TractException(
                        ErrorCode.SAFE_MODE,
                        "Cannot " + method
                                + ". The namespace is in safe mode: an administrator entered it, and ends it by"
                                + " admin safemode leave."))
                : Optional.empty();
    }
}
