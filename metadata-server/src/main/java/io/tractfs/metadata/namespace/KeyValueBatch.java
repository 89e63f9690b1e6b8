package io.tractfs.metadata.namespace;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are applied together; the last change of a key wins. Not thread-safe.
 */
public final class KeyValueBatch {
    private final EnumMap<KeySpace, TreeMap<byte[], Change>> changes = new EnumMap<>(KeySpace.class);

    /** What happens to one key. Immutable. */
    public static final class Change {
        private static final Change DELETION = new Change(null);

        private final byte @Nullable [] value;

        private Change(byte @Nullable [] value) {
            this.value = value;
        }

        /** The new value; null if the key goes. */
        public byte @Nullable [] value() {
            return value;
        }
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
    NavigableMap<byte[], Change> table(KeySpace space) {
        return changes.computeIfAbsent(space, unused -> new TreeMap<>(Arrays::compareUnsigned));
    }

    /** The changes of one table in key order. */
    public Iterable<Map.Entry<byte[], Change>> changes(KeySpace space) {
        TreeMap<byte[], Change> table = changes.get(space);
        return table == null ? List.of() : table.entrySet();
    }

    /** Whether a key begins with a prefix. */
    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
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
