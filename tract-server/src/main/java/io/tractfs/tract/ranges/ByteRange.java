package io.tractfs.tract.ranges;

/**
 * A stretch of bytes, not empty. Immutable.
 *
 * @param from first byte
 * @param to byte after the last
 */
public record ByteRange(int from, int to) {
    /** Checks the order. */
    public ByteRange {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("A range is 0 <= from < to, not " + from + " to " + to);
        }
    }

    /** The number of bytes. */
    public int size() {
        return to - from;
    }
}
