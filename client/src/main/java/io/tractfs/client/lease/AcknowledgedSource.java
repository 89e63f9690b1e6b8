package io.tractfs.client.lease;

import io.tractfs.id.BlobId;

/** Says how far a file in writing is acknowledged. Implementations are thread-safe. */
@FunctionalInterface
public interface AcknowledgedSource {
    /** What renewals of the lease carry (P21). */
    Acknowledged acknowledged();

    /**
     * How far the last segment is acknowledged. Immutable.
     *
     * @param blob of the segment, so that a late renewal is not taken for the next segment's
     * @param length acknowledged bytes
     */
    record Acknowledged(BlobId blob, long length) {}
}
