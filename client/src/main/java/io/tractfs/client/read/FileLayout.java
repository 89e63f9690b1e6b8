package io.tractfs.client.read;

import io.tractfs.client.Segment;
import io.tractfs.id.TractId;
import java.util.ArrayList;
import java.util.List;

/** Where the bytes of a file are: its segments, one after the other. Immutable. */
public final class FileLayout {
    private final List<Segment> segments;
    private final long[] starts;
    private final long length;

    /** The layout of some segments, each with the length that may be read. */
    public FileLayout(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        this.starts = new long[segments.size()];
        long at = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = at;
            at += segments.get(i).length();
        }
        this.length = at;
    }

    /** Bytes of all segments. */
    public long length() {
        return length;
    }

    /**
     * The range at a position, cut at the end of its tract, of its segment, and at multiples of the piece in its tract.
     *
     * @param position below {@link #length()}
     * @param most bytes wanted, at least 1
     * @param piece a power of two
     */
    public TractRange rangeAt(long position, long most, int piece) {
        int index = segmentAt(position);
        Segment segment = segments.get(index);
        long inSegment = position - starts[index];
        int tract = (int) (inSegment / segment.tractSize());
        int offset = (int) (inSegment % segment.tractSize());
        long toPieceEnd = Math.min(segment.tractSize() - offset, piece - offset % piece);
        long count = Math.min(Math.min(most, toPieceEnd), segment.length() - inSegment);
        return new TractRange(new TractId(segment.blob(), tract), segment.replication(), offset, (int) count);
    }

    /** Copies that there are of the byte at a position below {@link #length()}. */
    int copiesAt(long position) {
        return segments.get(segmentAt(position)).copies();
    }

    /** The ranges that make up a stretch, in order. */
    public List<TractRange> ranges(long position, long count, int piece) {
        List<TractRange> ranges = new ArrayList<>();
        long at = position;
        long end = position + count;
        while (at < end) {
            TractRange next = rangeAt(at, end - at, piece);
            ranges.add(next);
            at += next.length();
        }
        return ranges;
    }

    private int segmentAt(long position) {
        if (position < 0 || position >= length) {
            throw new IndexOutOfBoundsException("Position " + position + " of " + length);
        }
        int index = starts.length - 1;
        while (starts[index] > position || segments.get(index).length() == 0) {
            index--;
        }
        return index;
    }
}
