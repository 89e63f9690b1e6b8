package io.tractfs.metadata.rocks;

/**
 * What bounds RocksDB's memory and files. Immutable.
 *
 * @param cacheBytes block cache, indexes and filters included
 * @param writeBufferBytes tables in memory that are not flushed yet, all together
 * @param logBytes write-ahead log that may pile up before tables are flushed
 */
public record RocksLimits(long cacheBytes, long writeBufferBytes, long logBytes) {
    /** For a metadata server of the usual size. */
    public static final RocksLimits DEFAULT = new RocksLimits(96L << 20, 64L << 20, 256L << 20);

    /** For tests. */
    public static final RocksLimits SMALL = new RocksLimits(4L << 20, 4L << 20, 16L << 20);
}
