package io.tractfs.tract.store;

import io.tractfs.id.StoreId;
import io.tractfs.tract.disk.DiskFullException;
import io.tractfs.tract.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Keys and values in a RocksDB, one column family per {@link KeyValues.Family}, named by the family in lower case and the
 * format version, {@code rows.1}. The write-ahead log is always on (P35). A database is made by format only. RocksDB cuts a
 * log or manifest that is damaged at a bad place and goes on with an older state, of all families or of one: so each synced
 * write is numbered in every family, and a database is refused in which a number is below that of its {@link SyncMark}.
 * Thread-safe.
 */
public final class RocksKeyValues implements KeyValues {
    private static final int VERSION = 1;
    private static final Bytes STORE = Bytes.name("store.id");

    /** In every family: the number of the last synced write. */
    private static final Bytes NUMBER = Bytes.name("~~~~ number of the last sync");

    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long LOG_BYTES = 64L << 20;

    private final Path directory;
    private final RocksDB database;
    private final Map<Family, ColumnFamilyHandle> families;
    private final List<AutoCloseable> owned;
    private final SyncMark mark;

    /** Closing waits for calls that are under way: RocksDB's handles must not be used after. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksKeyValues(
            Path directory,
            RocksDB database,
            Map<Family, ColumnFamilyHandle> families,
            List<AutoCloseable> owned,
            SyncMark mark) {
        this.directory = directory;
        this.database = database;
        this.families = families;
        this.owned = owned;
        this.mark = mark;
    }

    /** Makes a database with some content, and the number of a synced write, durably. */
    static void make(Path directory, SyncMark mark, StoreId store, Made content) throws IOException {
        Files.createDirectories(directory);
        try (RocksKeyValues made = open(directory, mark, true)) {
            List<Change> changes = new ArrayList<>(content.changes());
            changes.add(new Change(Family.POINTS, STORE, idOf(store)));
            made.write(changes, content.number());
        } catch (RocksDBException e) {
            throw translated(e);
        }
    }

    /**
     * What a database is made with.
     *
     * @param number of the synced write that it is
     */
    record Made(List<Change> changes, long number) {}

    /**
     * Opens the database of a directory.
     *
     * @param mark what it has to have; given back by the caller
     * @throws FormatException if there is none, it is damaged as far as can be seen now, it ends before the mark, or it is
     *     another store's
     */
    static RocksKeyValues open(Path directory, SyncMark mark, StoreId store) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new FormatException("the database in " + directory + " is gone");
        }
        mark.manifest().check(directory);
        RocksKeyValues opened = open(directory, mark, false);
        boolean whole = false;
        try {
            for (Family family : Family.values()) {
                opened.mark.check(opened.numberOf(family), directory + " (" + family + ")");
            }
            if (!opened.get(Family.POINTS, STORE).equals(Optional.of(idOf(store)))) {
                throw new FormatException("the database in " + directory + " is not that of store " + store);
            }
            opened.markStart();
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                opened.close();
            }
        }
    }

    private static RocksKeyValues open(Path directory, SyncMark mark, boolean create) throws IOException {
        RocksDB.loadLibrary();
        ColumnFamilyOptions familyOptions = new ColumnFamilyOptions().setWriteBufferSize(WRITE_BUFFER_BYTES);
        DBOptions options = new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                .setMaxTotalWalSize(LOG_BYTES)
                .setKeepLogFileNum(2)
                .setParanoidChecks(true)
                .setMaxBackgroundJobs(2);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (Family family : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(name(family), familyOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(options, directory.toString(), descriptors, handles);
            Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
            int next = 1;
            for (Family family : Family.values()) {
                families.put(family, handles.get(next++));
            }
            List<AutoCloseable> owned = new ArrayList<>(handles);
            owned.addAll(List.of(database, options, familyOptions));
            return new RocksKeyValues(directory, database, families, owned, mark);
        } catch (RocksDBException e) {
            options.close();
            familyOptions.close();
            throw notOpened(directory, e);
        }
    }

    /** Files that are gone are damage like any other; what the machine refuses at the moment is not. */
    private static IOException notOpened(Path directory, RocksDBException e) {
        String text = "the database in " + directory + " cannot be opened: " + e.getMessage();
        boolean gone = String.valueOf(e.getMessage()).contains("No such file")
                || String.valueOf(e.getMessage()).contains("does not exist");
        return gone || isDamage(e) ? new FormatException(text) : new IOException(text, e);
    }

    private static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    @Override
    public void write(List<Change> changes, boolean sync) throws IOException {
        begin();
        try {
            if (sync) {
                writeSynced(changes);
            } else if (!changes.isEmpty()) {
                write(changes, 0);
            }
        } catch (RocksDBException e) {
            throw translated(e);
        } finally {
            open.readLock().unlock();
        }
    }

    /** The manifest is a new one from now on. */
    private void markStart() throws IOException {
        synchronized (mark) {
            mark.advance(mark.number(), ManifestPoint.of(directory));
        }
    }

    /** One at a time, so that numbers grow in the order of the log. */
    private void writeSynced(List<Change> changes) throws RocksDBException, IOException {
        synchronized (mark) {
            long number = mark.number() + 1;
            write(changes, number);
            mark.advance(number, mark.manifest().refreshed(directory));
        }
    }

    /** Writes a batch; with a number it is synced. */
    private void write(List<Change> changes, long number) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions options = new WriteOptions().setSync(number > 0)) {
            for (Change change : changes) {
                Bytes value = change.value();
                if (value == null) {
                    batch.delete(handle(change.family()), change.key().array());
                } else {
                    batch.put(handle(change.family()), change.key().array(), value.array());
                }
            }
            if (number > 0) {
                byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
                for (Family family : Family.values()) {
                    batch.put(handle(family), NUMBER.array(), value);
                }
            }
            database.write(options, batch);
        }
    }

    private long numberOf(Family family) throws IOException {
        return get(family, NUMBER).map(value -> value.buffer().getLong()).orElse(0L);
    }

    @Override
    public Optional<Bytes> get(Family family, Bytes key) throws IOException {
        begin();
        try {
            byte @Nullable [] value = database.get(handle(family), key.array());
            return value == null ? Optional.empty() : Optional.of(Bytes.of(value));
        } catch (RocksDBException e) {
            throw translated(e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public List<Entry> scan(Family family, Bytes from, int limit) throws IOException {
        begin();
        List<Entry> entries = new ArrayList<>();
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.newIterator(handle(family), options)) {
            for (iterator.seek(from.array()); iterator.isValid() && entries.size() < limit; iterator.next()) {
                Bytes key = Bytes.of(iterator.key());
                if (!key.equals(NUMBER)) {
                    entries.add(new Entry(key, Bytes.of(iterator.value())));
                }
            }
            iterator.status();
            return entries;
        } catch (RocksDBException e) {
            throw translated(e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void verify() throws IOException {
        begin();
        try {
            database.verifyChecksum();
            synchronized (mark) {
                mark.manifest().checkOpen(directory);
            }
        } catch (RocksDBException e) {
            throw translated(e);
        } finally {
            open.readLock().unlock();
        }
    }

    /** Its damage is found by whoever calls. */
    @Override
    public void whenTractsAreForgotten(Runnable action) {}

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (AutoCloseable handle : owned) {
                handle.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("RocksDB was not closed", e);
        } finally {
            open.writeLock().unlock();
        }
    }

    private static Bytes idOf(StoreId store) {
        UUID id = store.value();
        return Bytes.of(
                ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
    }

    /** Takes the read lock; the caller gives it back. */
    private void begin() throws IOException {
        open.readLock().lock();
        if (closed) {
            open.readLock().unlock();
            throw new IOException("the key-value log is closed");
        }
    }

    private ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalStateException("no column family " + family);
        }
        return handle;
    }

    private static byte[] name(Family family) {
        return (family.name().toLowerCase(Locale.ROOT) + "." + VERSION).getBytes(StandardCharsets.US_ASCII);
    }

    private static IOException translated(RocksDBException e) {
        IOException translated = new IOException("the store's database: " + e.getMessage(), e);
        if (isDamage(e)) {
            return new FormatException("the store's database: " + e.getMessage());
        }
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space") ? new DiskFullException("the key-value log", translated) : translated;
    }
}
