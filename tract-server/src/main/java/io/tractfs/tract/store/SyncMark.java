package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of the last synced write of the key-value log, beside it: a database that does not have it lost promises (P9,
 * P12). The mark is written after each sync and not forced: after power loss it may be behind, never ahead. Two copies of
 * 512 bytes are written in turn:
 *
 * <pre>
 * 0   8  TRACTMRK
 * 8   4  version, 1
 * 16  8  number
 * 24  8  number of RocksDB's manifest
 * 32  8  its size
 * 40  4  CRC32C of so many bytes of it
 * 48  8  the last record of the ledger's journal then
 * 508 4  CRC32C of bytes 0 to 508
 * </pre>
 *
 * All numbers are big-endian. Thread-safe under its own lock.
 */
final class SyncMark implements AutoCloseable {
    /** The file. */
    static final String FILE = "meta.mark";

    private static final Logger LOG = LoggerFactory.getLogger(SyncMark.class);
    private static final long MAGIC = 0x54524143544D524BL;
    private static final int VERSION = 1;
    private static final int SIZE = 512;
    private static final int CRC_AT = 508;

    private final Disk disk;
    private final DiskFile file;
    private long highest;
    private ManifestPoint manifest;
    private long journal;
    private int turn;

    private SyncMark(Disk disk, DiskFile file, Content content) {
        this.disk = disk;
        this.file = file;
        this.highest = content.number();
        this.manifest = content.manifest();
        this.journal = content.journal();
    }

    /** What a copy says. */
    private record Content(long number, ManifestPoint manifest, long journal) {
        static final Content NONE = new Content(0, ManifestPoint.NONE, 0);

        boolean isAfter(Content other) {
            return number > other.number || (number == other.number && journal > other.journal);
        }
    }

    /** Opens the mark of a store, which is made if it is not there; a copy that does not verify is passed over. */
    static SyncMark open(Disk disk) throws IOException {
        DiskFile file = disk.create(FILE);
        Content newest = Content.NONE;
        for (int copy = 0; copy < 2; copy++) {
            ByteBuffer target = ByteBuffer.allocate(SIZE);
            file.read(target, (long) copy * SIZE);
            Optional<Content> content = decode(target.clear());
            if (content.isPresent()) {
                newest = content.get().isAfter(newest) ? content.get() : newest;
            } else if (!target.equals(ByteBuffer.allocate(SIZE))) {
                LOG.error("directory={} file={} copy={} state=damaged", disk.name(), FILE, copy);
            }
        }
        return new SyncMark(disk, file, newest);
    }

    /** Writes the mark of a new store. */
    static void format(Disk disk) throws IOException {
        try (DiskFile file = disk.create(FILE)) {
            file.write(encode(Content.NONE), 0);
            file.write(encode(Content.NONE), SIZE);
            file.force();
        }
    }

    /** Checks that a family has not lost what was synced. */
    void check(long number, String family) throws FormatException {
        if (number < highest) {
            throw new FormatException("the database in " + family + " has synced changes up to number " + number
                    + ", not " + highest + ": it is damaged or an old copy");
        }
    }

    /** The number of the last synced write; the caller holds this object's lock. */
    long number() {
        return highest;
    }

    /** The manifest at the last synced write; the caller holds this object's lock. */
    ManifestPoint manifest() {
        return manifest;
    }

    /** The record of the ledger's journal that has to be there. */
    synchronized long journal() {
        return journal;
    }

    /** The journal has a record; written with the next number. */
    synchronized void noteJournal(long sequence) {
        journal = sequence;
    }

    /** A write is on disk; the caller holds this object's lock. */
    void advance(long number, ManifestPoint point) throws IOException {
        highest = number;
        manifest = point;
        file.write(encode(new Content(number, point, journal)), (long) turn * SIZE);
        turn = 1 - turn;
    }

    /** Gives the file up. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("directory={} file={} state=not-closed", disk.name(), FILE, e);
        }
    }

    private static ByteBuffer encode(Content content) {
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        target.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(content.number());
        ManifestPoint manifest = content.manifest();
        target.putLong(manifest.number()).putLong(manifest.size()).putInt(manifest.checksum());
        target.putInt(0).putLong(content.journal());
        target.putInt(CRC_AT, ChunkChecksums.plain(target.slice(0, CRC_AT)));
        return target.clear();
    }

    private static Optional<Content> decode(ByteBuffer source) {
        boolean good = source.getLong(0) == MAGIC
                && source.getInt(8) == VERSION
                && ChunkChecksums.plain(source.slice(0, CRC_AT)) == source.getInt(CRC_AT);
        return good
                ? Optional.of(new Content(
                        source.getLong(16),
                        new ManifestPoint(source.getLong(24), source.getLong(32), source.getInt(40)),
                        source.getLong(48)))
                : Optional.empty();
    }
}
