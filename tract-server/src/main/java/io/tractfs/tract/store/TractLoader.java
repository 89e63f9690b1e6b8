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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens tract files. The slot with the highest sequence is the tract, unless the machine lost power since it was written
 * and it was not synced for sure, or a slot is damaged: then everything is read once, and what verifies is the tract (P26). Thread-safe; the caller holds the tract's lock.
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
        try {
            Optional<OpenTract> loaded = loadIfThere(tract);
            if (loaded.isEmpty() && catalog.isLostWithoutFile(tract)) {
                throw new UnreadableTractException("file of tract " + tract + " is gone, or was emptied", null);
            }
            catalog.noteReadable(tract);
            return loaded;
        } catch (UnreadableTractException e) {
            catalog.noteUnreadable(tract);
            throw e;
        }
    }

    private Optional<OpenTract> loadIfThere(TractId tract) throws IOException {
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
        SlotPage slots = new SlotPage(page.clear());
        if (slots.isBlank()) {
            return Optional.empty();
        }
        if (!slots.isReadable()) {
            throw new UnreadableTractException("no slot of tract " + tract + " verifies", null);
        }
        TractSlot slot = slots.newest();
        TractFile tractFile = new TractFile(file, header(tract, page, slot));
        Extras.Kept extras = catalog.extras(tract);
        boolean vouched = slot.sealed() && extras.sequence() <= slot.sequence();
        if (!vouched && slot.era() != era) {
            return Optional.of(settled(tractFile, slots, TractSalvage.afterPowerLoss(tractFile, slots, extras)));
        }
        if (!slots.unreadable().isEmpty()) {
            return Optional.of(settled(tractFile, slots, TractSalvage.ofDamaged(tractFile, slots, extras)));
        }
        return Optional.of(assemble(tractFile, slots));
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

    private OpenTract assemble(TractFile file, SlotPage page) {
        TractSlot slot = page.newest();
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
        return new OpenTract(file, catalog, SlotKeeper.loaded(era, page), dropUncovered(extents, pieces), pieces);
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

    private OpenTract settled(TractFile file, SlotPage page, TractSalvage salvage) throws IOException {
        Extents extents = salvage.run();
        OpenTract tract = new OpenTract(file, catalog, SlotKeeper.loaded(era, page), extents, salvage.pieces());
        LOG.info(
                "tract={} state=salvaged slots-damaged={} held={} damaged={}",
                file.header().tract(),
                page.unreadable(),
                extents.held(),
                extents.damaged());
        tract.settle(page.unreadable());
        return tract;
    }

    private static int nextEdge(int at) {
        return (at / CHUNK + 1) * CHUNK;
    }
}
