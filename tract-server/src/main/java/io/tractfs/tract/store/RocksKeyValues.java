package io.tractfs.tract.store;

import io.tractfs.tract.disk.DiskFullException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Keys and values in a RocksDB, one column family per {@link KeyValues.Family}, named by the family in lower case and the
 * format version, {@code rows.1}. The write-ahead log is always on (P35). Thread-safe.
 */
public final class RocksKeyValues implements KeyValues {
    private static final int VERSION = 1;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long LOG_BYTES = 64L << 20;

    private final RocksDB database;
    private final Map<Family, ColumnFamilyHandle> families;
    private final List<AutoCloseable> owned;

    /** Closing waits for calls that are under way: RocksDB's handles must not be used after. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksKeyValues(RocksDB database, Map<Family, ColumnFamilyHandle> families, List<AutoCloseable> owned) {
        this.database = database;
        this.families = families;
        this.owned = owned;
    }

    /** Opens the database of a directory and makes it if there is none. */
    public static RocksKeyValues open(Path directory) throws IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(directory);
        ColumnFamilyOptions familyOptions = new ColumnFamilyOptions().setWriteBufferSize(WRITE_BUFFER_BYTES);
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(LOG_BYTES)
                .setKeepLogFileNum(2)
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
            return new RocksKeyValues(database, families, owned);
        } catch (RocksDBException e) {
            options.close();
            familyOptions.close();
            throw translated(e);
        }
    }

    @Override
    public void write(List<Change> changes, boolean sync) throws IOException {
        begin();
        try (WriteBatch batch = new WriteBatch();
                WriteOptions options = new WriteOptions().setSync(sync)) {
            if (changes.isEmpty()) {
                if (sync) {
                    database.syncWal();
                }
                return;
            }
            for (Change change : changes) {
                Bytes value = change.value();
                if (value == null) {
                    batch.delete(handle(change.family()), change.key().array());
                } else {
                    batch.put(handle(change.family()), change.key().array(), value.array());
                }
            }
            database.write(options, batch);
        } catch (RocksDBException e) {
            throw translated(e);
        } finally {
            open.readLock().unlock();
        }
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
                entries.add(new Entry(Bytes.of(iterator.key()), Bytes.of(iterator.value())));
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
        IOException translated = new IOException("RocksDB: " + e.getMessage(), e);
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space") ? new DiskFullException("the key-value log", translated) : translated;
    }
}
