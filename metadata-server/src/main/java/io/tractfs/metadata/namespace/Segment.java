package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;

/**
 * A run of tracts of a file. Immutable.
 *
 * @param blob its blob
 * @param length bytes; of the last segment of an open file a lower bound
 * @param tractSize bytes of a tract
 * @param replication replication of its tracts
 * @param ended whether nothing may be appended to it any more (P20)
 */
public record Segment(BlobId blob, long length, int tractSize, int replication, boolean ended) {
    /** The same segment, with its length. */
    public Segment withLength(long newLength) {
        return new Segment(blob, newLength, tractSize, replication, ended);
    }

    /** The same segment, ended at a length. */
    public Segment endedAt(long newLength) {
        return new Segment(blob, newLength, tractSize, replication, true);
    }
}
