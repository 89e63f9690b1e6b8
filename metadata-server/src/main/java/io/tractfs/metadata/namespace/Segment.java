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
 * @param change how far a change of the replication has come (P33)
 */
public record Segment(BlobId blob, long length, int tractSize, int replication, boolean ended, SegmentChange change) {
    /** A segment whose replication was never changed. */
    public Segment(BlobId blob, long length, int tractSize, int replication, boolean ended) {
        this(blob, length, tractSize, replication, ended, SegmentChange.NONE);
    }

    /** The same segment, with its length. */
    public Segment withLength(long newLength) {
        return new Segment(blob, newLength, tractSize, replication, ended, change);
    }

    /** The same segment, ended at a length. */
    public Segment endedAt(long newLength) {
        return new Segment(blob, newLength, tractSize, replication, true, change);
    }

    /** The same segment, with another replication and another state of its change. */
    Segment withReplication(int other, SegmentChange next) {
        return new Segment(blob, length, tractSize, other, ended || next.isUnderWay(), next);
    }

    /** Number of its tracts. */
    public int tractCount() {
        return Math.toIntExact((length + tractSize - 1) / tractSize);
    }

    /** Bytes of one of its tracts. */
    public int tractLength(int index) {
        return (int) Math.min(tractSize, length - (long) index * tractSize);
    }
}
