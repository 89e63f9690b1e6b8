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
    /** A sum that grows. Not thread-safe. */
    static final class Sum {
        private long length;
        private long fileCount;
        private long directoryCount;
        private long spaceConsumed;

        /** Adds a file of so many bytes. */
        void addFile(long bytes, long replication) {
            length += bytes;
            fileCount++;
            spaceConsumed += bytes * replication;
        }

        /** Adds a directory. */
        void addDirectory() {
            directoryCount++;
        }

        /** The sum so far. */
        ContentSummary result() {
            return new ContentSummary(length, fileCount, directoryCount, spaceConsumed);
        }
    }
}
