package io.tractfs.client.write;

import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;

/**
 * The segment that a writer writes. Immutable.
 *
 * @param blob its blob
 * @param tractSize bytes of a tract
 * @param replication copies
 * @param generation fencing number of the writer
 * @param window tracts that may be in flight (P18), at least 1
 */
public record WriteTarget(BlobId blob, int tractSize, int replication, Generation generation, int window) {
    /** Checks the ranges. */
    public WriteTarget {
        if (tractSize < 1 || replication < 1 || window < 1) {
            throw new IllegalArgumentException(
                    "Tract size " + tractSize + ", replication " + replication + ", window " + window);
        }
    }

    /** One of its tracts. */
    public TractId tract(int index) {
        return new TractId(blob, index);
    }

    /** Where a tract begins in the segment. */
    public long startOf(int index) {
        return (long) index * tractSize;
    }
}
