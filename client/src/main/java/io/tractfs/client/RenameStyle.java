package io.tractfs.client;

/** How a rename treats what is in its way. Immutable. */
public enum RenameStyle {
    /** {@code FileSystem.rename(src, dst)} as HDFS has it: moves into a directory, refuses with false. */
    LEGACY,
    /** {@code FileContext.rename} without OVERWRITE: refusals are errors. */
    STRICT,
    /** With OVERWRITE: replaces a file or an empty directory, atomically. */
    OVERWRITE
}
