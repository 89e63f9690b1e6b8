package io.tractfs.client;

import io.tractfs.id.BlobId;

/**
 * A run of tracts of a file. Immutable.
 *
 * @param blob the blob
 * @param length bytes; of the last segment of an open file a lower bound
 * @param tractSize bytes of a tract, a power of two
 * @param replication copies of its tracts
 * @param ended whether nothing may be appended to it any more
 * @param copies that are there: more than the replication while surplus ones are being dropped
 */
public record Segment(BlobId blob, long length, int tractSize, int replication, boolean ended, int copies) {
    /** A segment with as many copies as it should have. */
    public Segment(BlobId blob, long length, int tractSize, int replication, boolean ended) {
        this(blob, length, tractSize, replication, ended, replication);
    }
}
