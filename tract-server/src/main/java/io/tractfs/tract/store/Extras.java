package io.tractfs.tract.store;

import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the slots of a tract file have no room for, of the few tracts that need it: ranges beyond the length, damaged
 * bytes, checksums of pieces other than the tail.
 *
 * <pre>
 * 1  format version, 1
 * 4  count of ranges beyond the length, then from, to (4 bytes each)
 * 4  count of damaged ranges, then from, to
 * 4  count of pieces, then from, to, plain CRC32C
 * </pre>
 *
 * All numbers are big-endian. Immutable.
 */
record Extras(ByteRanges beyond, ByteRanges damaged, Collection<Piece> pieces) {
    /** Nothing out of the ordinary. */
    static final Extras NONE = new Extras(ByteRanges.EMPTY, ByteRanges.EMPTY, List.of());

    private static final byte VERSION = 1;

    Extras {
        pieces = List.copyOf(pieces);
    }

    boolean isEmpty() {
        return beyond.isEmpty() && damaged.isEmpty() && pieces.isEmpty();
    }

    Bytes encode() {
        List<ByteRange> ranges = beyond.list();
        List<ByteRange> holes = damaged.list();
        ByteBuffer target = ByteBuffer.allocate(13 + 8 * (ranges.size() + holes.size()) + 12 * pieces.size());
        target.put(VERSION).putInt(ranges.size());
        ranges.forEach(range -> target.putInt(range.from()).putInt(range.to()));
        target.putInt(holes.size());
        holes.forEach(range -> target.putInt(range.from()).putInt(range.to()));
        target.putInt(pieces.size());
        pieces.forEach(piece -> target.putInt(piece.from()).putInt(piece.to()).putInt(piece.crc()));
        return Bytes.of(target);
    }

    static Extras decode(Bytes bytes) throws FormatException {
        ByteBuffer source = bytes.buffer();
        try {
            byte version = source.get();
            if (version != VERSION) {
                throw new FormatException("ranges of a tract have version " + version + ", not " + VERSION);
            }
            ByteRanges beyond = ranges(source);
            ByteRanges damaged = ranges(source);
            List<Piece> pieces = new ArrayList<>();
            for (int left = source.getInt(); left > 0; left--) {
                pieces.add(new Piece(source.getInt(), source.getInt(), source.getInt()));
            }
            return new Extras(beyond, damaged, pieces);
        } catch (BufferUnderflowException e) {
            throw new FormatException("ranges of a tract end early: " + e);
        }
    }

    private static ByteRanges ranges(ByteBuffer source) {
        ByteRanges ranges = ByteRanges.EMPTY;
        for (int left = source.getInt(); left > 0; left--) {
            ranges = ranges.plus(source.getInt(), source.getInt());
        }
        return ranges;
    }
}
