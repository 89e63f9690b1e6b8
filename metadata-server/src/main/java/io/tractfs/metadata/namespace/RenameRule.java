package io.tractfs.metadata.namespace;

/** How a rename treats what is at the destination. Immutable. */
public enum RenameRule {
    /** HDFS's {@code rename(src, dst)}: an existing directory takes the source in; refusals are the answer false. */
    LEGACY,
    /** HDFS's {@code rename(src, dst, NONE)}: refusals are errors. */
    STRICT,
    /** HDFS's {@code rename(src, dst, OVERWRITE)}: replaces a file or an empty directory atomically. */
    OVERWRITE
}
