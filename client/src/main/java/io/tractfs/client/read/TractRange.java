package io.tractfs.client.read;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;

/**
 * A range of one tract that is to be read. Immutable.
 *
 * @param tract the tract
 * @param replication of its segment
 * @param offset first byte
 * @param length bytes, at least 1
 */
public record TractRange(TractId tract, int replication, int offset, int length) {
    /** Offset behind the last byte. */
    public int end() {
        return offset + length;
    }

    /** The edge of the chunk that holds the first byte. */
    public int alignedOffset() {
        return offset / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE;
    }
}
