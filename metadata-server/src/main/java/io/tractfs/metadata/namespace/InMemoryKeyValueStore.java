package io.tractfs.metadata.namespace;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Tables in memory, for tests and simulation. Thread-safe. */
public final class InMemoryKeyValueStore implements KeyValueStore {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final EnumMap<KeySpace, TreeMap<byte[], byte[]>> tables = new EnumMap<>(KeySpace.class);

    /** Empty tables. */
    public InMemoryKeyValueStore() {
        for (KeySpace space : KeySpace.values()) {
            tables.put(space, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    @Override
    public void write(KeyValueBatch batch) {
        lock.writeLock().lock();
        try {
            batch.forEach(this::change);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void change(KeySpace space, byte[] key, byte @Nullable [] value) {
        if (value == null) {
            table(space).remove(key);
        } else {
            table(space).put(key, value);
        }
    }

    private NavigableMap<byte[], byte[]> table(KeySpace space) {
        return tables.computeIfAbsent(space, unused -> new TreeMap<>(Arrays::compareUnsigned));
    }

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        lock.readLock().lock();
        try {
            return table(space).get(key);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        lock.readLock().lock();
        try {
            for (Map.Entry<byte[], byte[]> entry :
                    table(space).tailMap(from, true).entrySet()) {
                if (!KeyValueBatch.startsWith(entry.getKey(), prefix)
                        || !visitor.visit(entry.getKey(), entry.getValue())) {
                    return;
                }
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void flush() {}

    @Override
    public KeyValueSnapshot snapshot() {
        InMemoryKeyValueStore copy = new InMemoryKeyValueStore();
        lock.readLock().lock();
        try {
            tables.forEach((space, table) -> copy.table(space).putAll(table));
        } finally {
            lock.readLock().unlock();
        }
        return new Snapshot(copy);
    }

    @Override
    public KeyValueSnapshot memorySnapshot() {
        return snapshot();
    }

    @Override
    public void close() {}

    /** A copy of the tables. Thread-safe. */
    private record Snapshot(InMemoryKeyValueStore copy) implements KeyValueSnapshot {
        @Override
        public byte @Nullable [] get(KeySpace space, byte[] key) {
            return copy.get(space, key);
        }

        @Override
        public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
            copy.scan(space, prefix, from, visitor);
        }

        @Override
        public void close() {}
    }
}
