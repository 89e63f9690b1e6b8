package io.tractfs.metadata.rocks;

import io.tractfs.metadata.namespace.KeySpace;
import io.tractfs.metadata.namespace.KeyValueBatch;
import io.tractfs.metadata.namespace.KeyValueException;
import io.tractfs.metadata.namespace.KeyValueSnapshot;
import io.tractfs.metadata.namespace.KeyValueStore;
import io.tractfs.metadata.namespace.NotInMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Ordered tables in one RocksDB, a column family each. A batch is atomic over all tables because it is one record of
 * RocksDB's write-ahead log (P35), which is written but not synced: a killed process loses nothing, lost power loses the
 * newest batches in the order of writing, and the replicated log has them. One thread writes; reads are thread-safe.
 */
public final class RocksKeyValueStore implements KeyValueStore {
    private final RocksTables tables;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final Map<KeySpace, ColumnFamilyHandle> families;
    private final WriteOptions writeOptions = new WriteOptions().setSync(false);
    private final ReadOptions readOptions = new ReadOptions();
    private final SharedSnapshots shared;

    private RocksKeyValueStore(RocksTables tables, RocksDB database, List<ColumnFamilyHandle> handles) {
        this.tables = tables;
        this.database = database;
        this.handles = handles;
        this.shared = new SharedSnapshots(database);
        this.families = new EnumMap<>(KeySpace.class);
        // In the order of RocksTables.descriptors(): RocksDB's own family, then ours.
        Iterator<ColumnFamilyHandle> own = handles.listIterator(1);
        for (KeySpace space : KeySpace.values()) {
            families.put(space, own.next());
        }
    }

    /**
     * Opens the tables in a directory, which is made if it is missing. What was recovered from the write-ahead log is
     * made durable before this returns.
     *
     * @throws IOException if the directory cannot be made, is in use or damaged
     */
    public static RocksKeyValueStore open(Path directory, RocksLimits limits) throws IOException {
        Files.createDirectories(directory);
        RocksDB.loadLibrary();
        RocksTables tables = new RocksTables(limits);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database =
                    RocksDB.open(tables.databaseOptions(), directory.toString(), tables.descriptors(), handles);
            return flushed(new RocksKeyValueStore(tables, database, handles));
        } catch (RocksDBException | KeyValueException e) {
            tables.close();
            throw new IOException("The namespace in " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static RocksKeyValueStore flushed(RocksKeyValueStore opened) {
        boolean whole = false;
        try {
            opened.flush();
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                opened.close();
            }
        }
    }

    @Override
    public void write(KeyValueBatch batch) {
        try (WriteBatch writes = new WriteBatch()) {
            for (KeySpace space : KeySpace.values()) {
                add(writes, space, batch);
            }
            database.write(writeOptions, writes);
        } catch (RocksDBException e) {
            throw failure("write a batch", e);
        } finally {
            shared.outdate();
        }
    }

    private void add(WriteBatch writes, KeySpace space, KeyValueBatch batch) throws RocksDBException {
        ColumnFamilyHandle family = family(space);
        for (Map.Entry<byte[], KeyValueBatch.Change> entry : batch.changes(space)) {
            byte[] value = entry.getValue().value();
            if (value == null) {
                writes.delete(family, entry.getKey());
            } else {
                writes.put(family, entry.getKey(), value);
            }
        }
    }

    @Override
    public void flush() {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            database.flush(options, handles);
        } catch (RocksDBException e) {
            throw failure("flush", e);
        }
    }

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        return get(readOptions, space, key);
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        scan(readOptions, space, prefix, from, visitor);
    }

    @Override
    public KeyValueSnapshot snapshot() {
        return new RocksSnapshot(this, shared.acquire(), false);
    }

    @Override
    public KeyValueSnapshot memorySnapshot() {
        return new RocksSnapshot(this, shared.acquire(), true);
    }

    /** A copy of this instant in a directory that does not exist yet, on the same disk: files are linked. */
    public void checkpoint(Path target) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw new IOException("No checkpoint was made in " + target + ": " + e.getMessage(), e);
        }
    }

    private byte @Nullable [] get(ReadOptions options, KeySpace space, byte[] key) {
        try {
            return database.get(family(space), options, key);
        } catch (RocksDBException e) {
            throw readFailure("read", e);
        }
    }

    private static RuntimeException readFailure(String what, RocksDBException e) {
        // RocksDB's word for what it was told not to read from a file.
        boolean notInMemory = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
        return notInMemory ? new NotInMemoryException() : failure(what, e);
    }

    private void scan(ReadOptions options, KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        try (RocksIterator iterator = database.newIterator(family(space), options)) {
            for (iterator.seek(from); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (!KeyValueBatch.startsWith(key, prefix) || !visitor.visit(key, iterator.value())) {
                    return;
                }
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw readFailure("scan", e);
        }
    }

    private ColumnFamilyHandle family(KeySpace space) {
        ColumnFamilyHandle family = families.get(space);
        if (family == null) {
            throw new AssertionError("No column family for " + space);
        }
        return family;
    }

    private static KeyValueException failure(String what, RocksDBException e) {
        return new KeyValueException("The namespace's database failed to " + what + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        shared.outdate();
        readOptions.close();
        writeOptions.close();
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        tables.close();
    }

    /** One instant of the tables. Thread-safe until closed. */
    private static final class RocksSnapshot implements KeyValueSnapshot {
        private final RocksKeyValueStore store;
        private final SharedSnapshots.Instant instant;
        private final ReadOptions options;

        RocksSnapshot(RocksKeyValueStore store, SharedSnapshots.Instant instant, boolean memoryOnly) {
            this.store = store;
            this.instant = instant;
            this.options = memoryOnly ? instant.memoryOptions() : instant.options();
        }

        @Override
        public byte @Nullable [] get(KeySpace space, byte[] key) {
            return store.get(options, space, key);
        }

        @Override
        public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
            store.scan(options, space, prefix, from, visitor);
        }

        @Override
        public void close() {
            instant.release();
        }
    }
}
