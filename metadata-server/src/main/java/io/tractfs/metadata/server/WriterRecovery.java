package io.tractfs.metadata.server;

import io.tractfs.id.FileId;
import io.tractfs.metadata.namespace.FileStatus;

/**
 * Carries out writer recovery (P19) from the fencing of the tail's members on, and ends with {@code
 * ClusterCommand.CommitRecovered}. Thread-safe.
 */
public interface WriterRecovery {
    /**
     * Recovers in the background a file whose generation was raised for it; must not block. A second start of the same
     * file with a newer generation supersedes the first.
     *
     * @param status with segments, window and the raised generation
     * @param acknowledgedLength least length of the last segment that its writer is known to have had acknowledged (P21)
     */
    void start(FileStatus status, long acknowledgedLength);

    /** Whether the recovery of a file has begun here and goes on; one that cannot tell says yes. */
    default boolean isUnderWay(FileId file) {
        return true;
    }
}
