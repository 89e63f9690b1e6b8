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
 * bytes, checksums of pieces other than the tail. Immutable.
 */
record Extras(ByteRanges beyond, ByteRanges damaged, List<Piece> pieces) {
    /** Nothing out of the ordinary. */
    static final Extras NONE = new Extras(ByteRanges.EMPTY, ByteRanges.EMPTY, List.of());

    Extras(ByteRanges beyond, ByteRanges damaged, Collection<Piece> pieces) {
        this(beyond, damaged, List.copyOf(pieces));
    }

    boolean isEmpty() {
        return beyond.isEmpty() && damaged.isEmpty() && pieces.isEmpty();
    }

    /**
     * The extras of a tract as they are and as they were at its last sync: as with slots, what was synced stays until the
     * next sync is done, and after power loss what verifies of either counts (P26, P27).
     *
     * <pre>
     * 1  format version, 1
     * 8  sequence of the slot that was current: a sealed slot of a lower one does not vouch for these extras
     *    then twice, for the present and for the last sync:
     * 4  count of ranges beyond the length, then from, to (4 bytes each)
     * 4  count of damaged ranges, then from, to
     * 4  count of pieces, then from, to, plain CRC32C
     * </pre>
     *
     * All numbers are big-endian. Immutable.
     */
    record Kept(long sequence, Extras present, Extras synced) {
        /** A tract without extras. */
        static final Kept NONE = new Kept(0, Extras.NONE, Extras.NONE);

        private static final byte VERSION = 1;

        boolean isEmpty() {
            return present.isEmpty() && synced.isEmpty();
        }

        Bytes encode() {
            ByteBuffer target = ByteBuffer.allocate(9 + present.encodedSize() + synced.encodedSize());
            target.put(VERSION).putLong(sequence);
            present.encode(target);
            synced.encode(target);
            return Bytes.of(target);
        }

        static Kept decode(Bytes bytes) throws FormatException {
            ByteBuffer source = bytes.buffer();
            try {
                byte version = source.get();
                if (version != VERSION) {
                    throw new FormatException("ranges of a tract have version " + version + ", not " + VERSION);
                }
                return new Kept(source.getLong(), Extras.decode(source), Extras.decode(source));
            } catch (BufferUnderflowException e) {
                throw new FormatException("ranges of a tract end early: " + e);
            } catch (IllegalArgumentException e) {
                throw new FormatException("ranges of a tract cannot be: " + e.getMessage());
            }
        }
    }

    private int encodedSize() {
        return 3 * Integer.BYTES + 8 * (beyond.list().size() + damaged.list().size()) + 12 * pieces.size();
    }

    private void encode(ByteBuffer target) {
        encode(target, beyond);
        encode(target, damaged);
        target.putInt(pieces.size());
        for (Piece piece : pieces) {
            target.putInt(piece.from()).putInt(piece.to()).putInt(piece.crc());
        }
    }

    private static void encode(ByteBuffer target, ByteRanges ranges) {
        List<ByteRange> list = ranges.list();
        target.putInt(list.size());
        list.forEach(range -> target.putInt(range.from()).putInt(range.to()));
    }

    private static Extras decode(ByteBuffer source) {
        ByteRanges beyond = ranges(source);
        ByteRanges damaged = ranges(source);
        List<Piece> pieces = new ArrayList<>();
        for (int left = source.getInt(); left > 0; left--) {
            pieces.add(new Piece(source.getInt(), source.getInt(), source.getInt()));
        }
        return new Extras(beyond, damaged, pieces);
    }

    private static ByteRanges ranges(ByteBuffer source) {
        ByteRanges ranges = ByteRanges.EMPTY;
        for (int left = source.getInt(); left > 0; left--) {
            ranges = ranges.plus(source.getInt(), source.getInt());
        }
        return ranges;
    }
}
