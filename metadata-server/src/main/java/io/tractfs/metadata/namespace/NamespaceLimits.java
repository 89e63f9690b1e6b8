package io.tractfs.metadata.namespace;

/**
 * Limits that commands are held to. The leader's settings, logged with every entry, so that each replay decides alike.
 * Immutable.
 *
 * @param nameBytes longest name, in bytes of UTF-8
 * @param directoryItems most entries of a directory
 * @param segments most segments of a file
 * @param minBlockSize smallest logical block size, in bytes
 * @param maxReplication largest replication of a file
 */
public record NamespaceLimits(int nameBytes, long directoryItems, int segments, long minBlockSize, int maxReplication) {
    /** The limits of HDFS. Never changes: an entry of the log that names none was written under these. */
    public static final NamespaceLimits HDFS = new NamespaceLimits(255, 1 << 20, 10_000, 1 << 20, 512);
}
