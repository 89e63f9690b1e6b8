package io.tractfs.sim.metadata;

import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.KeySpace;
import io.tractfs.metadata.namespace.KeyValueBatch;
import io.tractfs.metadata.namespace.KeyValueSnapshot;
import io.tractfs.metadata.namespace.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Tables in memory whose snapshots are the tables themselves: in one thread nothing changes while a read goes on, and
 * nothing has to be copied. Not thread-safe.
 */
final class LiveTables implements KeyValueStore {
    private final InMemoryKeyValueStore tables = new InMemoryKeyValueStore();

    @Override
    public void write(KeyValueBatch batch) {
        tables.write(batch);
    }

    @Override
    public void flush() {}

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        return tables.get(space, key);
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        tables.scan(space, prefix, from, visitor);
    }

    @Override
    public KeyValueSnapshot snapshot() {
        return new View(this);
    }

    @Override
    public KeyValueSnapshot memorySnapshot() {
        return snapshot();
    }

    @Override
    public void close() {}

    /** The tables, for the time of one read. Not thread-safe. */
    private record View(LiveTables tables) implements KeyValueSnapshot {
        @Override
        public byte @Nullable [] get(KeySpace space, byte[] key) {
            return tables.get(space, key);
        }

        @Override
        public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
            tables.scan(space, prefix, from, visitor);
        }

        @Override
        public void close() {}
    }
}
