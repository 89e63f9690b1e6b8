package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.format.TractHeader;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.Extents;
import io.tractfs.tract.ranges.PieceChecksums;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens tract files. The slot with the highest sequence is the tract, unless the machine lost power since it was written
 * and it was not synced for sure: then everything it says is read once, and what verifies is the tract (P26). Thread-safe; the caller holds the tract's lock.
 */
final class TractLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TractLoader.class);
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private final Disk disk;
    private final TractCatalog catalog;
    private final int era;

    TractLoader(Disk disk, TractCatalog catalog, int era) {
        this.disk = disk;
        this.catalog = catalog;
        this.era = era;
    }

    /**
     * Opens a tract; empty if there is none, or only a beginning that was never acknowledged.
     *
     * @throws UnreadableTractException if there is a file that says nothing usable
     */
    Optional<OpenTract> load(TractId tract) throws IOException {
        Optional<DiskFile> opened = disk.open(TractLayout.file(tract));
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        DiskFile file = opened.get();
        boolean loaded = false;
        try {
            Optional<OpenTract> result = load(tract, file);
            loaded = result.isPresent();
            return result;
        } finally {
            if (!loaded) {
                file.close();
            }
        }
    }

    /** Makes the file of a tract that is not there; what an unfinished making left is overwritten. */
    OpenTract create(TractId tract, int tractSize) throws IOException {
        TractFile file = new TractFile(disk.create(TractLayout.file(tract)), new TractHeader(tract, tractSize));
        return new OpenTract(file, catalog, SlotKeeper.fresh(era, tractSize), Extents.NONE, new PieceChecksums(CHUNK));
    }

    private Optional<OpenTract> load(TractId tract, DiskFile file) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(TractLayout.CHECKSUMS);
        try {
            file.read(page, 0);
        } catch (IOException e) {
            throw new UnreadableTractException("header of tract " + tract + " cannot be read", e);
        }
        page.clear();
        TractSlot[] slots = slots(page);
        int newest = newest(slots);
        if (newest < 0 && isBlank(page)) {
            return Optional.empty();
        }
        if (newest < 0) {
            throw new UnreadableTractException("no slot of tract " + tract + " verifies", null);
        }
        TractSlot slot = slots[newest];
        TractFile tractFile = new TractFile(file, header(tract, page, slot));
        boolean vouched = slot.sealed() && catalog.extras(tract).sequence() <= slot.sequence();
        if (vouched || slot.era() == era) {
            return Optional.of(assemble(tractFile, slots, newest));
        }
        return Optional.of(afterPowerLoss(tractFile, slots, newest));
    }

    private static TractSlot[] slots(ByteBuffer page) {
        TractSlot[] slots = new TractSlot[TractLayout.SLOTS];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = TractSlot.decode(page.duplicate().position(TractLayout.slot(i)))
                    .orElse(null);
        }
        return slots;
    }

    private static int newest(@Nullable TractSlot[] slots) {
        int newest = -1;
        for (int i = 0; i < slots.length; i++) {
            TractSlot slot = slots[i];
            TractSlot best = newest < 0 ? null : slots[newest];
            if (slot != null && (best == null || slot.sequence() > best.sequence())) {
                newest = i;
            }
        }
        return newest;
    }

    /** A file whose slots were never written was not acknowledged. */
    private static boolean isBlank(ByteBuffer page) {
        ByteBuffer slots = page.slice(TractLayout.slot(0), TractLayout.CHECKSUMS - TractLayout.slot(0));
        return slots.equals(ByteBuffer.allocate(slots.remaining()));
    }

    /** The header as read, or made again from the slot if it is damaged. */
    private static TractHeader header(TractId tract, ByteBuffer page, TractSlot slot) throws IOException {
        TractHeader expected = new TractHeader(tract, slot.tractSize());
        try {
            TractHeader header = TractHeader.decode(page.duplicate().position(0));
            if (!header.equals(expected)) {
                throw new UnreadableTractException("file of tract " + tract + " holds " + header, null);
            }
            return header;
        } catch (FormatException e) {
            if (e.isNewer()) {
                throw e;
            }
            return expected;
        }
    }

    private OpenTract assemble(TractFile file, @Nullable TractSlot[] slots, int newest) {
        TractSlot slot = Objects.requireNonNull(slots[newest]);
        int length = slot.length();
        Extras extras = catalog.extras(file.header().tract()).present();
        Extents extents = new Extents(
                ByteRanges.of(0, length)
                        .minus(extras.damaged())
                        .plus(extras.beyond().minus(0, length)),
                extras.damaged().intersect(0, length));
        PieceChecksums pieces = new PieceChecksums(CHUNK);
        int tailFrom = length / CHUNK * CHUNK;
        if (extents.held().contains(tailFrom, length) && tailFrom < length) {
            int mix = ChunkChecksums.placeMix(file.header().tract(), length / CHUNK);
            pieces.add(tailFrom, length, slot.tailChecksum() ^ mix);
        }
        for (Piece piece : extras.pieces()) {
            boolean wholeChunk = extents.held().contains(piece.from() / CHUNK * CHUNK, nextEdge(piece.from()));
            boolean covered = pieces.covered().intersects(piece.from(), piece.to());
            if (extents.held().contains(piece.from(), piece.to()) && !wholeChunk && !covered) {
                pieces.add(piece.from(), piece.to(), piece.crc());
            }
        }
        return new OpenTract(
                file, catalog, SlotKeeper.loaded(era, slots, newest), dropUncovered(extents, pieces), pieces);
    }

    /** What is held of a chunk in part and has no checksum, because a kill came between slot and extras, is not held. */
    private static Extents dropUncovered(Extents extents, PieceChecksums pieces) {
        Extents changed = extents;
        int length = extents.length();
        for (ByteRange range : extents.held().list()) {
            ByteRanges whole = ByteRanges.of(
                    nextEdge(range.from() - 1 < 0 ? -CHUNK : range.from() - 1), range.to() / CHUNK * CHUNK);
            ByteRanges uncovered =
                    ByteRanges.of(range.from(), range.to()).minus(whole).minus(pieces.covered());
            for (ByteRange hole : uncovered.list()) {
                changed = hole.from() < length
                        ? changed.withDamaged(hole.from(), hole.to())
                        : changed.without(hole.from(), hole.to());
            }
        }
        return changed;
    }

    private OpenTract afterPowerLoss(TractFile file, @Nullable TractSlot[] slots, int newest) throws IOException {
        List<TractSlot> valid = Arrays.stream(slots).filter(Objects::nonNull).toList();
        TractSlot slot = Objects.requireNonNull(slots[newest]);
        TractSalvage salvage =
                new TractSalvage(file, valid, slot, catalog.extras(file.header().tract()));
        Extents extents = salvage.run();
        OpenTract tract =
                new OpenTract(file, catalog, SlotKeeper.loaded(era, slots, newest), extents, salvage.pieces());
        LOG.info("tract={} power lost, held={} damaged={}", file.header().tract(), extents.held(), extents.damaged());
        tract.settle();
        return tract;
    }

    private static int nextEdge(int at) {
        return (at / CHUNK + 1) * CHUNK;
    }
}
