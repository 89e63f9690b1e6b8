package io.tractfs.metadata.namespace;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are applied together; the last change of a key wins. Not thread-safe.
 */
public final class KeyValueBatch {
    private final EnumMap<KeySpace, TreeMap<byte[], Change>> changes = new EnumMap<>(KeySpace.class);

    /**
     * What happens to one key. Immutable.
     *
     * @param value the new value; null deletes the key
     */
    public record Change(byte @Nullable [] value) {
        /** The key goes. */
        static final Change DELETION = new Change(null);
    }

    /** Takes every change. */
    @FunctionalInterface
    public interface Sink {
        /** Takes one change; a null value deletes the key. */
        void accept(KeySpace space, byte[] key, byte @Nullable [] value);
    }

    /** Sets a value. */
    public void put(KeySpace space, byte[] key, byte[] value) {
        table(space).put(key, new Change(value));
    }

    /** Removes a key; no error if it is not there. */
    public void delete(KeySpace space, byte[] key) {
        table(space).put(key, Change.DELETION);
    }

    /** The change of a key in this batch, null if the batch does not touch it. */
    public @Nullable Change change(KeySpace space, byte[] key) {
        TreeMap<byte[], Change> table = changes.get(space);
        return table == null ? null : table.get(key);
    }

    /** The changes of one table in key order; empty if there are none. */
    TreeMap<byte[], Change> table(KeySpace space) {
        return changes.computeIfAbsent(space, unused -> new TreeMap<>(Arrays::compareUnsigned));
    }

    /** Adds the changes of another batch over these. */
    public void addAll(KeyValueBatch later) {
        later.changes.forEach((space, table) -> table(space).putAll(table));
    }

    /** Hands every change over, table by table in key order. */
    public void forEach(Sink sink) {
        for (Map.Entry<KeySpace, TreeMap<byte[], Change>> table : changes.entrySet()) {
            table.getValue().forEach((key, change) -> sink.accept(table.getKey(), key, change.value()));
        }
    }

    /** Whether nothing changes. */
    public boolean isEmpty() {
        return changes.values().stream().allMatch(TreeMap::isEmpty);
    }
}
