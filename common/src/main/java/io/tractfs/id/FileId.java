package io.tractfs.id;

/**
 * An inode: a file or directory. The root is 1. Immutable.
 *
 * @param value at least 0; 0 names nothing
 */
public record FileId(long value) implements Comparable<FileId> {
    /** The least value. */
    public static final FileId NONE = new FileId(0);

    /** Checks the range. */
    public FileId {
        if (value < 0) {
            throw new IllegalArgumentException("FileId is at least 0, not " + value);
        }
    }

    /** The following one. */
    public FileId next() {
        return new FileId(Math.addExact(value, 1));
    }

    @Override
    public int compareTo(FileId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
