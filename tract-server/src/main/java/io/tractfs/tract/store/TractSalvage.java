package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.Extents;
import io.tractfs.tract.ranges.PieceChecksums;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds out what a tract holds after the machine lost power while parts of it were not synced. Every slot and both
 * extras are asked for what they promise; what verifies is held (P26). Synced bytes always verify under what the last sync
 * wrote. What an older slot promises and nothing verifies is damage, what only the newest one promises is missing. Not
 * thread-safe.
 */
final class TractSalvage {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private final TractFile file;
    private final List<TractSlot> slots;
    private final TractSlot newest;
    private final Extras.Kept extras;
    private final PieceChecksums pieces = new PieceChecksums(CHUNK);

    /**
     * A salvage that has not read yet.
     *
     * @param slots those that verify
     * @param newest the one among them with the highest sequence
     */
    TractSalvage(TractFile file, List<TractSlot> slots, TractSlot newest, Extras.Kept extras) {
        this.file = file;
        this.slots = slots;
        this.newest = newest;
        this.extras = extras;
    }

    /** Reads everything that is promised. */
    Extents run() throws IOException {
        ByteRanges promised = ByteRanges.of(0, newest.length())
                .plus(extras.present().beyond())
                .plus(extras.synced().beyond());
        ByteRanges whole = wholeChunks(promised);
        ByteRanges held = whole.minus(TractScan.bad(file, whole, pieces));
        ChunkRuns joined = new ChunkRuns(file.header().tract());
        for (Piece piece : promisedPieces()) {
            boolean wanted = promised.contains(piece.from(), piece.to()) && !held.intersects(piece.from(), piece.to());
            if (wanted && TractScan.verifies(file, piece)) {
                held = held.plus(piece.from(), piece.to());
                int chunk = piece.from() / CHUNK;
                pieces.add(piece.from(), piece.to(), piece.crc()).ifPresent(crc -> joined.add(chunk, crc));
            }
        }
        joined.writeTo(file);
        ByteRanges damaged =
                ByteRanges.of(0, floor()).plus(extras.present().damaged()).minus(held);
        return new Extents(held, damaged);
    }

    /** Checksums of what is held of chunks in part; after {@link #run}. */
    PieceChecksums pieces() {
        return pieces;
    }

    /** The least length that an older slot promises; the synced one is among them if there is one. */
    private int floor() {
        return slots.stream()
                .filter(slot -> slot.sequence() < newest.sequence() && slot.length() <= newest.length())
                .mapToInt(TractSlot::length)
                .min()
                .orElse(0);
    }

    /** Pieces that something promises, the longest first. */
    private List<Piece> promisedPieces() {
        List<Piece> promised = new ArrayList<>(extras.present().pieces());
        promised.addAll(extras.synced().pieces());
        for (TractSlot slot : slots) {
            int from = slot.length() / CHUNK * CHUNK;
            if (from < slot.length()) {
                int mix = ChunkChecksums.placeMix(file.header().tract(), slot.length() / CHUNK);
                promised.add(new Piece(from, slot.length(), slot.tailChecksum() ^ mix));
            }
        }
        promised.sort(Comparator.comparingInt((Piece piece) -> piece.from() - piece.to()));
        return promised;
    }

    private static ByteRanges wholeChunks(ByteRanges ranges) {
        ByteRanges whole = ByteRanges.EMPTY;
        for (ByteRange range : ranges.list()) {
            whole = whole.plus((range.from() + CHUNK - 1) / CHUNK * CHUNK, range.to() / CHUNK * CHUNK);
        }
        return whole;
    }
}
