package io.tractfs.table;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;

/**
 * Where a tract lives: {@code row(tract) = (hash(blob) + index) mod N}, N a power of two. The hash is the 64-bit
 * finalizer of MurmurHash3 ("fmix64"); it never changes within a layout version, and golden values are in
 * {@code docs/tract-format.md}. Immutable.
 */
public final class RowHash {
    private RowHash() {}

    /** MurmurHash3's fmix64 of the blob id. */
    public static long hash(BlobId blob) {
        long h = blob.value();
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }

    /**
     * The row of a tract.
     *
     * @param rows the number of rows N, a power of two
     */
    public static int rowOf(TractId tract, int rows) {
        return (int) ((hash(tract.blob()) + tract.index()) & (rows - 1));
    }
}
