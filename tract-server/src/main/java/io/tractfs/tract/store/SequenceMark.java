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
 * How far the key-value log had come at its last sync, beside it: RocksDB cuts a log that is damaged in its middle and goes
 * on with the older state, which would take back promises (P9, P12). The mark is written after each sync and not forced: after
 * power loss it may be behind, never ahead. Two copies of 512 bytes are written in turn:
 *
 * <pre>
 * 0   8  TRACTMRK
 * 8   4  version, 1
 * 16  8  sequence number
 * 508 4  CRC32C of bytes 0 to 508
 * </pre>
 *
 * All numbers are big-endian. Thread-safe.
 */
final class SequenceMark implements AutoCloseable {
    /** The file. */
    static final String FILE = "meta.mark";

    private static final Logger LOG = LoggerFactory.getLogger(SequenceMark.class);
    private static final long MAGIC = 0x54524143544D524BL;
    private static final int VERSION = 1;
    private static final int SIZE = 512;
    private static final int CRC_AT = 508;

    private final Disk disk;
    private final DiskFile file;
    private long highest;
    private int turn;

    private SequenceMark(Disk disk, DiskFile file, long highest) {
        this.disk = disk;
        this.file = file;
        this.highest = highest;
    }

    /** Opens the mark of a store, which is made if it is not there; a copy that does not verify is passed over. */
    static SequenceMark open(Disk disk) throws IOException {
        DiskFile file = disk.create(FILE);
        long highest = 0;
        for (int copy = 0; copy < 2; copy++) {
            ByteBuffer target = ByteBuffer.allocate(SIZE);
            file.read(target, (long) copy * SIZE);
            Optional<Long> sequence = decode(target.clear());
            if (sequence.isPresent()) {
                highest = Math.max(highest, sequence.get());
            } else if (!target.equals(ByteBuffer.allocate(SIZE))) {
                LOG.error("directory={} file={} copy={} state=damaged", disk.name(), FILE, copy);
            }
        }
        return new SequenceMark(disk, file, highest);
    }

    /** Writes the mark of a new store. */
    static void format(Disk disk) throws IOException {
        try (DiskFile file = disk.create(FILE)) {
            file.write(encode(0), 0);
            file.write(encode(0), SIZE);
            file.force();
        }
    }

    /** Checks that a log has not lost what was synced. */
    void check(long sequence, String log) throws FormatException {
        if (sequence < highest) {
            throw new FormatException("the database in " + log + " ends at change " + sequence + ", but change "
                    + highest + " was synced: its log is damaged or an old copy");
        }
    }

    /** Everything up to a number is on disk; lower numbers change nothing. */
    synchronized void advance(long sequence) throws IOException {
        if (sequence > highest) {
            highest = sequence;
            file.write(encode(sequence), (long) turn * SIZE);
            turn = 1 - turn;
        }
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

    private static ByteBuffer encode(long sequence) {
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        target.putLong(MAGIC).putInt(VERSION).putLong(16, sequence);
        target.putInt(CRC_AT, ChunkChecksums.plain(target.slice(0, CRC_AT)));
        return target.clear();
    }

    private static Optional<Long> decode(ByteBuffer source) {
        boolean good = source.getLong(0) == MAGIC
                && source.getInt(8) == VERSION
                && ChunkChecksums.plain(source.slice(0, CRC_AT)) == source.getInt(CRC_AT);
        return good ? Optional.of(source.getLong(16)) : Optional.empty();
    }
}
