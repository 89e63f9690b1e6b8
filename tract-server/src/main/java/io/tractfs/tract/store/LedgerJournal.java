package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.FormatException;
import io.tractfs.tract.store.KeyValues.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A second copy of what {@link LedgerImage} holds, in a file of another kind than the database's: changes are appended, each
 * with its checksum, and now and then the file is written anew. It is only read where the database fails.
 *
 * <pre>
 * 0    8   TRACTLED
 * 8    4   version, 1
 * 16   16  id of the store
 * 60   4   CRC32C of bytes 0 to 60
 * 64       records ({@link LedgerRecord}), numbered without a gap
 * </pre>
 *
 * Confined to whoever holds its monitor.
 */
final class LedgerJournal implements AutoCloseable {
    /** The file. */
    static final String FILE = "ledger.copy";

    private static final String NEXT_FILE = FILE + ".new";
    private static final long MAGIC = 0x54524143544C4544L;
    private static final int VERSION = 1;
    private static final int HEADER = 64;
    private static final int CRC_AT = 60;
    private static final int BATCH = 1_000;

    /** So far it grows beyond four times what it begins with. */
    private static final long SLACK_BYTES = 16L << 20;

    private static final long MOST_BYTES = 1L << 30;

    private final Disk disk;
    private final StoreId store;
    private @Nullable DiskFile file;
    private long sequence;
    private long end;
    private long firstEnd;
    private boolean dirty;

    /**
     * A journal that is not there yet.
     *
     * @param sequence of the last record that any file of this name has had
     */
    LedgerJournal(Disk disk, StoreId store, long sequence) {
        this.disk = disk;
        this.store = store;
        this.sequence = sequence;
    }

    /**
     * What a file holds.
     *
     * @param sequence of the last record
     * @param end of it, in bytes
     * @param torn whether something is behind it
     */
    record Content(LedgerImage image, long sequence, long end, boolean torn) {}

    /**
     * Reads the file.
     *
     * @param least the last record that has to be there
     * @return empty if there is none
     * @throws FormatException if it is damaged, another store's, or ends before that record
     */
    static Optional<Content> read(Disk disk, StoreId store, long least) throws IOException {
        Optional<DiskFile> opened = disk.open(FILE);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (DiskFile file = opened.get()) {
            if (file.size() > MOST_BYTES) {
                throw new FormatException(FILE + " has " + file.size() + " bytes, which cannot be");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return Optional.of(decode(bytes.flip(), store, least));
        }
    }

    private static Content decode(ByteBuffer bytes, StoreId store, long least) throws FormatException {
        if (bytes.limit() < HEADER || bytes.getInt(CRC_AT) != ChunkChecksums.plain(bytes.slice(0, CRC_AT))) {
            throw new FormatException("the header of " + FILE + " does not verify");
        }
        if (!bytes.slice(0, HEADER)
                .equals(header(store).putInt(8, bytes.getInt(8)).putInt(CRC_AT, bytes.getInt(CRC_AT)))) {
            throw new FormatException(FILE + " is not that of store " + store);
        }
        if (bytes.getInt(8) != VERSION) {
            throw new FormatException(FILE + " has version " + bytes.getInt(8) + ", not " + VERSION, true);
        }
        LedgerImage image = new LedgerImage();
        int at = HEADER;
        long last = -1;
        Optional<LedgerRecord> next = LedgerRecord.at(bytes, at);
        while (next.isPresent() && (last < 0 || next.get().sequence() == last + 1)) {
            last = next.get().sequence();
            next.get().changes().forEach(image::apply);
            at += next.get().size();
            next = LedgerRecord.at(bytes, at);
        }
        if (last < 0 || last < least || hasLater(bytes, at, last)) {
            throw new FormatException(
                    FILE + " is damaged at byte " + at + ", after record " + last + " of " + Math.max(least, last + 1));
        }
        return new Content(image, last, at, at < bytes.limit());
    }

    /** Whether a good record is behind a bad one: then that was damaged, and is not merely the torn end. */
    private static boolean hasLater(ByteBuffer bytes, int from, long last) {
        for (int at = from + 1; at < bytes.limit() - 16; at++) {
            long number = bytes.getLong(at + 8);
            if (number > last
                    && number - last < MOST_BYTES
                    && LedgerRecord.at(bytes, at).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether changes are kept at present. */
    boolean isKept() {
        return file != null;
    }

    long sequence() {
        return sequence;
    }

    /** Whether it should be written anew. */
    boolean isLong() {
        return end > SLACK_BYTES + 4 * firstEnd;
    }

    /** Goes on with a file that was read and is whole. */
    void resume(Content content) throws IOException {
        close();
        file = disk.create(FILE);
        sequence = content.sequence();
        end = content.end();
        firstEnd = end;
        dirty = true;
    }

    /** It may become as much longer again. */
    void putOff() {
        firstEnd = end;
    }

    /** Appends a batch. What an append that failed has left is overwritten by the next one. */
    void append(List<Change> changes) throws IOException {
        DiskFile open = file;
        if (open != null && !changes.isEmpty()) {
            ByteBuffer record = LedgerRecord.encode(sequence + 1, changes);
            long length = record.remaining();
            open.write(record, end);
            end += length;
            sequence++;
            dirty = true;
        }
    }

    /** Puts everything that was appended on disk. */
    void force() throws IOException {
        DiskFile open = file;
        if (open != null && dirty) {
            open.force();
            dirty = false;
        }
    }

    /** Replaces the file by one that begins with this image; if that fails, the old one is gone on with, if there is one. */
    void rewrite(LedgerImage image) throws IOException {
        disk.delete(NEXT_FILE);
        long last = sequence;
        long at = HEADER;
        try (DiskFile next = disk.create(NEXT_FILE)) {
            List<Change> changes = image.changes();
            next.write(header(store), 0);
            for (int from = 0; from < Math.max(1, changes.size()); from += BATCH) {
                ByteBuffer record =
                        LedgerRecord.encode(++last, changes.subList(from, Math.min(changes.size(), from + BATCH)));
                long length = record.remaining();
                next.write(record, at);
                at += length;
            }
            next.force();
        }
        disk.rename(NEXT_FILE, FILE);
        disk.forceDirectory("");
        resume(new Content(image, last, at, false));
        dirty = false;
    }

    /** Changes are not kept any more, since the file is not the present one. */
    void giveUp() throws IOException {
        close();
        sequence++;
    }

    /** Reads the file again; empty if there is none. */
    Optional<Content> reread() throws IOException {
        return read(disk, store, sequence);
    }

    @Override
    public void close() throws IOException {
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private static ByteBuffer header(StoreId store) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putLong(MAGIC).putInt(VERSION).putInt(0);
        header.putLong(store.value().getMostSignificantBits())
                .putLong(store.value().getLeastSignificantBits());
        return header.putInt(CRC_AT, ChunkChecksums.plain(header.slice(0, CRC_AT)))
                .clear();
    }
}
