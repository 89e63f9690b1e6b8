package io.tractfs.tract.ranges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of bytes as ascending, disjoint, non-touching ranges. Immutable. */
public final class ByteRanges {
    /** No byte. */
    public static final ByteRanges EMPTY = new ByteRanges(new int[0]);

    /** From, to, from, to…, strictly ascending. */
    private final int[] edges;

    private ByteRanges(int[] edges) {
        this.edges = edges;
    }

    /** One range; the empty set if {@code to <= from}. */
    public static ByteRanges of(int from, int to) {
        return to <= from ? EMPTY : new ByteRanges(new int[] {from, to});
    }

    /** The union of ranges in any order. */
    public static ByteRanges of(Iterable<ByteRange> ranges) {
        ByteRanges union = EMPTY;
        for (ByteRange range : ranges) {
            union = union.plus(range.from(), range.to());
        }
        return union;
    }

    /** Whether no byte is in the set. */
    public boolean isEmpty() {
        return edges.length == 0;
    }

    /** The ranges, ascending. */
    public List<ByteRange> list() {
        List<ByteRange> list = new ArrayList<>(edges.length / 2);
        for (int i = 0; i < edges.length; i += 2) {
            list.add(new ByteRange(edges[i], edges[i + 1]));
        }
        return list;
    }

    /** The number of bytes in the set. */
    public int size() {
        int size = 0;
        for (int i = 0; i < edges.length; i += 2) {
            size += edges[i + 1] - edges[i];
        }
        return size;
    }

    /** Byte after the last one; 0 for the empty set. */
    public int end() {
        return isEmpty() ? 0 : edges[edges.length - 1];
    }

    /** End of what is in the set without a gap from a byte on; that byte itself if it is not in the set. */
    public int contiguousEnd(int from) {
        for (int i = 0; i < edges.length; i += 2) {
            if (edges[i] <= from && from < edges[i + 1]) {
                return edges[i + 1];
            }
        }
        return from;
    }

    /** Whether every byte of the range is in the set; true for an empty range. */
    public boolean contains(int from, int to) {
        return to <= from || contiguousEnd(from) >= to;
    }

    /** Whether a byte of the range is in the set. */
    public boolean intersects(int from, int to) {
        for (int i = 0; i < edges.length; i += 2) {
            if (from < to && edges[i] < to && from < edges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The set and a range. */
    public ByteRanges plus(int from, int to) {
        return to <= from ? this : plus(of(from, to));
    }

    /** The union. */
    public ByteRanges plus(ByteRanges other) {
        return other.isEmpty() ? this : isEmpty() ? other : combine(other, true, true, true);
    }

    /** The set without a range. */
    public ByteRanges minus(int from, int to) {
        return minus(of(from, to));
    }

    /** What is in this set and not in the other. */
    public ByteRanges minus(ByteRanges other) {
        return other.isEmpty() || isEmpty() ? this : combine(other, true, false, false);
    }

    /** What of a range is in the set. */
    public ByteRanges intersect(int from, int to) {
        return intersect(of(from, to));
    }

    /** What is in both. */
    public ByteRanges intersect(ByteRanges other) {
        return isEmpty() || other.isEmpty() ? EMPTY : combine(other, false, false, true);
    }

    /** Each range widened to whole chunks. */
    public ByteRanges roundedOut(int chunkSize) {
        ByteRanges rounded = EMPTY;
        for (int i = 0; i < edges.length; i += 2) {
            int to = (int) Math.min(Integer.MAX_VALUE, ((long) edges[i + 1] + chunkSize - 1) / chunkSize * chunkSize);
            rounded = rounded.plus(edges[i] / chunkSize * chunkSize, to);
        }
        return rounded;
    }

    /** Walks both lists of edges once; a byte is kept by which of the two sets it is in. */
    private ByteRanges combine(ByteRanges other, boolean keepMine, boolean keepTheirs, boolean keepBoth) {
        int[] out = new int[edges.length + other.edges.length];
        int count = 0;
        int mine = 0;
        int theirs = 0;
        boolean inside = false;
        while (mine < edges.length || theirs < other.edges.length) {
            int at = Math.min(edgeAt(edges, mine), edgeAt(other.edges, theirs));
            mine += edgeAt(edges, mine) == at && mine < edges.length ? 1 : 0;
            theirs += edgeAt(other.edges, theirs) == at && theirs < other.edges.length ? 1 : 0;
            boolean inMine = (mine & 1) != 0;
            boolean inTheirs = (theirs & 1) != 0;
            boolean keep = (inMine && inTheirs) ? keepBoth : inMine ? keepMine : inTheirs && keepTheirs;
            if (keep != inside) {
                out[count++] = at;
                inside = keep;
            }
        }
        return count == 0 ? EMPTY : new ByteRanges(Arrays.copyOf(out, count));
    }

    private static int edgeAt(int[] edges, int index) {
        return index < edges.length ? edges[index] : Integer.MAX_VALUE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ByteRanges that && Arrays.equals(edges, that.edges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(edges);
    }

    @Override
    public String toString() {
        return Arrays.toString(edges);
    }
}
