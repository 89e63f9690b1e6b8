package io.tractfs.metadata.namespace;

import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.permission.Attributes;
import java.util.ArrayList;
import java.util.List;

/** A file or a directory. Immutable. */
sealed interface Inode {
    /** The root directory. */
    FileId ROOT = new FileId(1);

    /** Its id. */
    FileId id();

    /** Owner, permission, times. */
    Attributes attributes();

    /** The same with other attributes. */
    Inode withAttributes(Attributes other);

    /** Its status under a name. */
    FileStatus status(String name, boolean withSegments);

    /** Whether it is a directory. */
    default boolean isDirectory() {
        return this instanceof Directory;
    }

    /**
     * A directory.
     *
     * @param childCount number of entries
     */
    record Directory(FileId id, Attributes attributes, long childCount) implements Inode {
        @Override
        public Directory withAttributes(Attributes other) {
            return new Directory(id, other, childCount);
        }

        /** The same after entries came or went. */
        Directory changed(long moreChildren, long timeMs) {
            return new Directory(id, attributes.modifiedAt(timeMs), childCount + moreChildren);
        }

        @Override
        public FileStatus status(String name, boolean withSegments) {
            return new FileStatus(
                    id, name, true, 0, attributes, 0, 0, childCount, false, List.of(), 0, Generation.ZERO);
        }
    }

    /**
     * A file.
     *
     * @param replication as the user set it
     * @param blockSize logical block size in bytes
     * @param window tracts that a writer may have in flight (P18)
     * @param generation fencing number of the writer
     * @param segments its bytes; never empty while it is open
     * @param writer who writes it
     */
    record FileNode(
            FileId id,
            Attributes attributes,
            int replication,
            long blockSize,
            int window,
            Generation generation,
            List<Segment> segments,
            Writer writer)
            implements Inode {
        /** Copies the list. */
        public FileNode {
            segments = List.copyOf(segments);
        }

        @Override
        public FileNode withAttributes(Attributes other) {
            return new FileNode(id, other, replication, blockSize, window, generation, segments, writer);
        }

        /** The same with another replication. */
        FileNode withReplication(int other) {
            return new FileNode(id, attributes, other, blockSize, window, generation, segments, writer);
        }

        /** The same with other segments. */
        FileNode withSegments(List<Segment> other) {
            return new FileNode(id, attributes, replication, blockSize, window, generation, other, writer);
        }

        /** The same with another writer under a generation. */
        FileNode withWriter(Writer other, Generation newGeneration) {
            return new FileNode(id, attributes, replication, blockSize, window, newGeneration, segments, other);
        }

        /** The last segment. */
        Segment lastSegment() {
            return segments.get(segments.size() - 1);
        }

        /** The same with the last segment replaced. */
        FileNode withLastSegment(Segment last) {
            List<Segment> all = new ArrayList<>(segments);
            all.set(all.size() - 1, last);
            return withSegments(all);
        }

        /** The same with one more segment. */
        FileNode plusSegment(Segment next) {
            List<Segment> all = new ArrayList<>(segments);
            all.add(next);
            return withSegments(all);
        }

        /** Whether some segment changes its replication (P33). */
        boolean isReplicating() {
            return segments.stream().anyMatch(segment -> segment.change().isUnderWay());
        }

        /** Sum of the segments. */
        long length() {
            long sum = 0;
            for (Segment segment : segments) {
                sum += segment.length();
            }
            return sum;
        }

        @Override
        public FileStatus status(String name, boolean withSegments) {
            return new FileStatus(
                    id,
                    name,
                    false,
                    length(),
                    attributes,
                    replication,
                    blockSize,
                    0,
                    writer.isOpen(),
                    withSegments ? segments : List.of(),
                    window,
                    generation);
        }
    }
}
