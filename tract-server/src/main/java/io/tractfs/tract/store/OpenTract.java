package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.Extents;
import io.tractfs.tract.ranges.PieceChecksums;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One tract whose file is open: the state that its slots and extras say, and how they change. Bytes go to the file first,
 * then checksums of whole chunks, then the slot, then extras; where something is taken away, the extras go before the slot.
 * What is killed in between has not been acknowledged, and nothing that was is lost by it. Confined to the holder of the tract's lock.
 */
final class OpenTract {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private final TractFile file;
    private final TractCatalog catalog;
    private final SlotKeeper slots;
    private Extents extents;
    private PieceChecksums pieces;
    private Extras.Kept extras;
    private boolean extrasUnsynced;

    OpenTract(TractFile file, TractCatalog catalog, SlotKeeper slots, Extents extents, PieceChecksums pieces) {
        this.file = file;
        this.catalog = catalog;
        this.slots = slots;
        this.extents = extents;
        this.pieces = pieces;
        this.extras = catalog.extras(file.header().tract());
    }

    TractFile file() {
        return file;
    }

    SlotKeeper slots() {
        return slots;
    }

    Extents extents() {
        return extents;
    }

    PieceChecksums pieces() {
        return pieces;
    }

    TractState state() {
        TractSlot slot = slots.current();
        return new TractState(
                file.header().tract(),
                extents.length(),
                spans(extents.beyond()),
                slot.generation(),
                slot.version(),
                slot.replication(),
                file.header().tractSize(),
                slot.acknowledgedLength(),
                spans(extents.damagedChunks(CHUNK)),
                slot.change());
    }

    /** What a write or a reconcile says about a tract besides its bytes. */
    record Stamp(
            Generation generation,
            RowVersion version,
            int replication,
            long acknowledgedLength,
            ReplicationChange change) {
        /** The same under another generation. */
        Stamp withGeneration(Generation other) {
            return new Stamp(other, version, replication, acknowledgedLength, change);
        }

        /** The same with another acknowledged length. */
        Stamp withAcknowledged(long other) {
            return new Stamp(generation, version, replication, other, change);
        }

        /** The same with another replication. */
        Stamp withReplication(int other, ReplicationChange step) {
            return new Stamp(generation, version, other, acknowledgedLength, step);
        }
    }

    /**
     * Keeps bytes whose checksums have been verified. What is held already has to be equal.
     *
     * @param crcs plain CRC32C of each piece of the range
     */
    void put(int offset, ByteBuffer data, int[] crcs, Stamp stamp) throws IOException {
        int end = offset + data.remaining();
        compare(offset, data);
        PieceChecksums changedPieces = pieces.copy();
        ChunkRuns whole = new ChunkRuns(file.header().tract());
        for (ByteRange fresh : extents.fresh(offset, end).list()) {
            ByteBuffer bytes = data.slice(data.position() + fresh.from() - offset, fresh.size());
            file.writeData(bytes.duplicate(), fresh.from());
            for (int at = fresh.from(); at < fresh.to(); at = nextEdge(at)) {
                int to = Math.min(fresh.to(), nextEdge(at));
                boolean asSent = at == Math.max(offset, at / CHUNK * CHUNK) && to == Math.min(end, nextEdge(at));
                int crc = asSent
                        ? crcs[at / CHUNK - offset / CHUNK]
                        : ChunkChecksums.plain(bytes.slice(at - fresh.from(), to - at));
                addPiece(at, to, crc, changedPieces, whole);
            }
        }
        commitGain(extents.withHeld(offset, end), changedPieces, stamp, whole);
    }

    /** Changes what the slot says, not the bytes. */
    void stamp(Stamp stamp) throws IOException {
        commitGain(extents, pieces, stamp, new ChunkRuns(file.header().tract()));
    }

    void recordDamage(ByteRanges bad) throws IOException {
        Extents changed = extents;
        PieceChecksums changedPieces = pieces.copy();
        int length = extents.length();
        for (ByteRange range : bad.list()) {
            changedPieces.removeWithin(range.from(), range.to());
            changed = range.from() < length
                    ? changed.withDamaged(range.from(), range.to())
                    : changed.without(range.from(), range.to());
        }
        commitLoss(changed, changedPieces, unchanged());
    }

    /** After power loss or damage: makes what was found durable, under the present era, without the slots that do not verify. */
    void settle(List<Integer> unreadableSlots) throws IOException {
        commitLoss(extents, pieces, unchanged());
        slots.rewrite(file, unreadableSlots);
        endSync(extras.present());
    }

    /** What is not held of a stretch counts as damaged, into the length. */
    void recordLost(int from, int to, Stamp stamp) throws IOException {
        Extents changed = extents;
        for (ByteRange range : extents.fresh(from, to).list()) {
            changed = changed.withDamaged(range.from(), range.to());
        }
        commitLoss(changed, pieces, stamp);
    }

    /** Cuts; the last chunk's new checksum is made from bytes that verify, or they are damaged. */
    void cutTo(int length, Stamp stamp) throws IOException {
        int chunkStart = length / CHUNK * CHUNK;
        PieceChecksums changedPieces = pieces.copy();
        Extents changed = extents.cutTo(length);
        changedPieces.removeWithin(length, Integer.MAX_VALUE);
        for (ByteRange range : changed.held().intersect(chunkStart, length).list()) {
            boolean kept = changedPieces.covered().contains(range.from(), range.to());
            if (!kept && TractScan.bad(file, chunkAround(range.from()), pieces).isEmpty()) {
                addPiece(
                        range.from(),
                        range.to(),
                        file.crcOf(range.from(), range.to()),
                        changedPieces,
                        new ChunkRuns(file.header().tract()));
            } else if (!kept) {
                changed = changed.withDamaged(range.from(), range.to());
            }
        }
        slots.noteCut();
        commitLoss(changed, changedPieces, stamp);
    }

    /** Damage from some offset on is none: a holder that is whole ends there. Nothing that is held is touched. */
    void dropDamage(int from) throws IOException {
        commitLoss(new Extents(extents.held(), extents.damaged().intersect(0, from)), pieces, unchanged());
    }

    /** The tract's present stamp. */
    Stamp unchanged() {
        TractSlot slot = slots.current();
        return new Stamp(
                slot.generation(), slot.version(), slot.replication(), slot.acknowledgedLength(), slot.change());
    }

    /** The extras that a sync that begins now puts on disk. */
    Extras presentExtras() {
        return extras.present();
    }

    /** After the file was forced: the extras of when that began are the synced ones. */
    void endSync(Extras synced) throws IOException {
        Extras.Kept kept = new Extras.Kept(slots.current().sequence(), extras.present(), synced);
        if (!kept.isEmpty() || !extras.isEmpty() || extrasUnsynced) {
            catalog.putExtras(file.header().tract(), kept, true);
            extras = kept;
            extrasUnsynced = false;
        }
    }

    /** Bytes came: the slot goes first, so that extras that still say more than it are outdone by its length. */
    private void commitGain(Extents changed, PieceChecksums changedPieces, Stamp stamp, ChunkRuns whole)
            throws IOException {
        Extras present = extrasOf(changed, changedPieces);
        boolean extrasChange = !present.equals(extras.present());
        slots.write(file, changed.length(), tailOf(changed, changedPieces), stamp, whole, extrasChange);
        saveExtras(present, slots.current().sequence());
        extents = changed;
        pieces = changedPieces;
    }

    /** Bytes went: the extras go first, so that none of those bytes is believed under the new slot. */
    private void commitLoss(Extents changed, PieceChecksums changedPieces, Stamp stamp) throws IOException {
        Extras present = extrasOf(changed, changedPieces);
        boolean extrasChange = !present.equals(extras.present());
        saveExtras(present, slots.current().sequence() + 1);
        ChunkRuns none = new ChunkRuns(file.header().tract());
        slots.write(file, changed.length(), tailOf(changed, changedPieces), stamp, none, extrasChange);
        extents = changed;
        pieces = changedPieces;
    }

    private void saveExtras(Extras present, long sequence) throws IOException {
        if (!present.equals(extras.present())) {
            Extras.Kept kept = new Extras.Kept(sequence, present, extras.synced());
            catalog.putExtras(file.header().tract(), kept, false);
            extras = kept;
            extrasUnsynced = true;
        }
    }

    private static Extras extrasOf(Extents extents, PieceChecksums pieces) {
        return isPlain(extents, pieces)
                ? Extras.NONE
                : new Extras(extents.beyond(), extents.damaged(), otherPieces(extents, pieces));
    }

    /** The bound checksum of the last chunk if it is held in part from its beginning, else 0. */
    private int tailOf(Extents changed, PieceChecksums changedPieces) {
        int length = changed.length();
        for (Piece piece : changedPieces.ofChunk(length / CHUNK)) {
            if (piece.to() == length && piece.from() % CHUNK == 0) {
                return piece.crc() ^ ChunkChecksums.placeMix(file.header().tract(), length / CHUNK);
            }
        }
        return 0;
    }

    private static boolean isPlain(Extents extents, PieceChecksums pieces) {
        return extents.damaged().isEmpty()
                && extents.beyond().isEmpty()
                && pieces.all().size() <= 1;
    }

    /** All pieces but the one that the slot's tail checksum stands for. */
    private static List<Piece> otherPieces(Extents extents, PieceChecksums pieces) {
        int length = extents.length();
        List<Piece> others = new ArrayList<>(pieces.all());
        others.removeIf(piece -> piece.to() == length && piece.from() == length / CHUNK * CHUNK);
        return others;
    }

    /** Bytes that are held already have to be equal; if they are not, and are damaged, that is found out here (C5). */
    private void compare(int offset, ByteBuffer data) throws IOException {
        for (ByteRange range :
                extents.toCompare(offset, offset + data.remaining()).list()) {
            ByteBuffer held = file.readData(range.from(), range.to());
            if (held.equals(data.slice(data.position() + range.from() - offset, range.size()))) {
                continue;
            }
            ByteRanges touched =
                    ByteRanges.of(range.from(), range.to()).roundedOut(CHUNK).intersect(extents.held());
            ByteRanges bad = TractScan.bad(file, touched, pieces);
            if (bad.isEmpty()) {
                throw new TractException(
                        ErrorCode.CONFLICTING_BYTES,
                        "tract " + file.header().tract() + ": other bytes are held within " + range.from() + " to "
                                + range.to());
            }
            recordDamage(bad);
            compare(offset, data);
            return;
        }
    }

    private static void addPiece(int from, int to, int crc, PieceChecksums pieces, ChunkRuns whole) {
        int chunk = from / CHUNK;
        if (to - from == CHUNK) {
            whole.add(chunk, crc);
        } else {
            pieces.add(from, to, crc).ifPresent(joined -> whole.add(chunk, joined));
        }
    }

    private static int nextEdge(int at) {
        return (at / CHUNK + 1) * CHUNK;
    }

    private ByteRanges chunkAround(int at) {
        int start = at / CHUNK * CHUNK;
        return extents.held().intersect(start, start + CHUNK);
    }

    private static List<Span> spans(ByteRanges ranges) {
        if (ranges.isEmpty()) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        ranges.list().forEach(range -> spans.add(new Span(range.from(), range.to())));
        return spans;
    }
}
