package io.tractfs.metadata.namespace;

import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Attributes;
import java.util.List;

/**
 * Status of a file or directory. Immutable.
 *
 * @param file inode
 * @param name last component of the path; empty for the root, and for a file that is listed itself
 * @param directory whether it is one
 * @param length bytes; of an open file a lower bound
 * @param attributes owner, permission, times
 * @param replication as the user set it; 0 for a directory
 * @param blockSize logical block size; 0 for a directory
 * @param childCount entries of a directory
 * @param open whether a writer holds it
 * @param segments segments of a file, where they were asked for
 * @param window write window in tracts (P18)
 * @param generation fencing number of the writer
 */
public record FileStatus(
        FileId file,
        String name,
        boolean directory,
        long length,
        Attributes attributes,
        int replication,
        long blockSize,
        long childCount,
        boolean open,
        List<Segment> segments,
        int window,
        Generation generation) {
    /** Copies the list. */
    public FileStatus {
        segments = List.copyOf(segments);
    }
}
