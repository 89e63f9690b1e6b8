package io.tractfs.metadata.namespace;

/**
 * Sum of a tree. Immutable.
 *
 * @param length bytes of all files
 * @param fileCount files
 * @param directoryCount directories, the root of the tree included
 * @param spaceConsumed bytes times replication
 */
public record ContentSummary(long length, long fileCount, long directoryCount, long spaceConsumed) {
    /** Nothing. */
    static final ContentSummary NONE = new ContentSummary(0, 0, 0, 0);

    /** The sum with one more inode. */
    ContentSummary plus(Inode inode) {
        if (inode instanceof Inode.FileNode file) {
            long bytes = file.length();
            return new ContentSummary(
                    length + bytes, fileCount + 1, directoryCount, spaceConsumed + bytes * file.replication());
        }
        return new ContentSummary(length, fileCount, directoryCount + 1, spaceConsumed);
    }
}
