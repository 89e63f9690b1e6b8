package io.tractfs.tract.ranges;

import io.tractfs.checksum.CrcCombination;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Checksums of chunks that are held in part: the last chunk of a tract that grows, and the edges of ranges that arrived
 * before their base (P27). Pieces that touch within a chunk are joined, their checksums combined without reading bytes; a
 * chunk that becomes whole leaves this set. Holds one piece for an ordinary tract, so copies are cheap. Not thread-safe.
 */
public final class PieceChecksums {
    private final int chunkSize;
    private final NavigableMap<Integer, Piece> pieces;

    /** No pieces. */
    public PieceChecksums(int chunkSize) {
        this(chunkSize, new TreeMap<>());
    }

    private PieceChecksums(int chunkSize, NavigableMap<Integer, Piece> pieces) {
        this.chunkSize = chunkSize;
        this.pieces = pieces;
    }

    /**
     * A part of one chunk.
     *
     * @param from first byte in the tract
     * @param to byte after the last; in the same chunk
     * @param crc plain CRC32C of the bytes
     */
    public record Piece(int from, int to, int crc) {}

    /** Another set with the same pieces. */
    public PieceChecksums copy() {
        return new PieceChecksums(chunkSize, new TreeMap<>(pieces));
    }

    /** All pieces, ascending. */
    public Collection<Piece> all() {
        return List.copyOf(pieces.values());
    }

    /** Whether there is no piece. */
    public boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** The pieces of one chunk, ascending. */
    public List<Piece> ofChunk(int chunk) {
        int from = chunk * chunkSize;
        return new ArrayList<>(
                pieces.subMap(from, true, from + chunkSize, false).values());
    }

    /**
     * Adds a piece that overlaps no other.
     *
     * @return the plain CRC32C of the whole chunk if it is whole now (it is then no longer in this set)
     */
    public OptionalInt add(int from, int to, int crc) {
        Piece joined = new Piece(from, to, crc);
        Map.Entry<Integer, Piece> before = pieces.lowerEntry(from);
        if (before != null && before.getValue().to() == from && from % chunkSize != 0) {
            joined = join(before.getValue(), joined);
            pieces.remove(before.getKey());
        }
        Piece after = to % chunkSize == 0 ? null : pieces.get(to);
        if (after != null) {
            joined = join(joined, after);
            pieces.remove(to);
        }
        if (joined.to() - joined.from() == chunkSize) {
            return OptionalInt.of(joined.crc());
        }
        pieces.put(joined.from(), joined);
        return OptionalInt.empty();
    }

    /** Drops every piece that has a byte in the range. */
    public void removeWithin(int from, int to) {
        pieces.values().removeIf(piece -> piece.from() < to && from < piece.to());
    }

    /** The bytes that have a checksum here. */
    public ByteRanges covered() {
        ByteRanges covered = ByteRanges.EMPTY;
        for (Piece piece : pieces.values()) {
            covered = covered.plus(piece.from(), piece.to());
        }
        return covered;
    }

    private static Piece join(Piece first, Piece second) {
        return new Piece(
                first.from(),
                second.to(),
                CrcCombination.combine(first.crc(), second.crc(), second.to() - second.from()));
    }
}
