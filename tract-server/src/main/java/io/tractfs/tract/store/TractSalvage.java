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
 * Finds out what a tract holds after the machine lost power while parts of it were not synced, or where a slot is damaged.
 * Every slot and both extras are asked for what they promise; what verifies is held (P26). Synced bytes always verify under
 * what the last sync wrote. After power loss, what an older slot promises and nothing verifies is damage, what only the
 * newest one promises is missing; of a damaged file, everything up to its end that does not verify is damage. Not
 * thread-safe.
 */
final class TractSalvage {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private final TractFile file;
    private final List<TractSlot> slots;
    private final Extras.Kept extras;
    private final int promisedTo;
    private final int damagedTo;
    private final PieceChecksums pieces = new PieceChecksums(CHUNK);

    private TractSalvage(TractFile file, SlotPage page, Extras.Kept extras, int promisedTo, int damagedTo) {
        this.file = file;
        this.slots = page.valid();
        this.extras = extras;
        this.promisedTo = promisedTo;
        this.damagedTo = damagedTo;
    }

    /** A salvage after power loss, which has not read yet. */
    static TractSalvage afterPowerLoss(TractFile file, SlotPage page, Extras.Kept extras) {
        return new TractSalvage(file, page, extras, page.newest().length(), floor(page));
    }

    /** A salvage of a file whose slots do not say how long it is. */
    static TractSalvage ofDamaged(TractFile file, SlotPage page, Extras.Kept extras) throws ReadFailedException {
        int said = page.newest().length();
        int end = Math.max(said, file.end());
        // After a cut the file may be longer than the tract ever was since.
        return new TractSalvage(file, page, extras, end, page.newest().cut() ? said : end);
    }

    /** Reads everything that is promised. */
    Extents run() throws IOException {
        ByteRanges promised = ByteRanges.of(0, promisedTo)
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
                ByteRanges.of(0, damagedTo).plus(extras.present().damaged()).minus(held);
        return new Extents(held, damaged);
    }

    /** Checksums of what is held of chunks in part; after {@link #run}. */
    PieceChecksums pieces() {
        return pieces;
    }

    /** The least length that an older slot promises; the synced one is among them if there is one. */
    private static int floor(SlotPage page) {
        TractSlot newest = page.newest();
        return page.valid().stream()
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
