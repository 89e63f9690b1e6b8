package io.tractfs.client;

import java.util.List;

/**
 * Status of a file or directory. Immutable.
 *
 * @param fileId inode id
 * @param name last component of the path; empty for the root, or where the asked path is meant
 * @param directory whether it is a directory
 * @param length bytes
 * @param permission bits 01777
 * @param owner owner's name
 * @param group group's name
 * @param modificationMs ms since 1970
 * @param accessMs ms since 1970
 * @param replication as the user set it; 0 for a directory
 * @param blockSize logical block size; 0 for a directory
 * @param childCount entries of a directory
 * @param open whether a writer holds it
 * @param segments runs of tracts; empty where they were not asked for
 * @param generation fencing number of the writer
 */
public record FileInfo(
        long fileId,
        String name,
        boolean directory,
        long length,
        int permission,
        String owner,
        String group,
        long modificationMs,
        long accessMs,
        int replication,
        long blockSize,
        long childCount,
        boolean open,
        List<Segment> segments,
        long generation) {
    /** Copies the list. */
    public FileInfo {
        segments = List.copyOf(segments);
    }

    /** The same with another length. */
    public FileInfo withLength(long newLength) {
        return withSegments(segments, newLength);
    }

    /** The same with other segments and their length. */
    public FileInfo withSegments(List<Segment> newSegments, long newLength) {
        return new FileInfo(
                fileId,
                name,
                directory,
                newLength,
                permission,
                owner,
                group,
                modificationMs,
                accessMs,
                replication,
                blockSize,
                childCount,
                open,
                newSegments,
                generation);
    }
}
