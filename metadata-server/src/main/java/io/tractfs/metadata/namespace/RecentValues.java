package io.tractfs.metadata.namespace;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What commands look up again and again, in front of the store: the inodes and names on the paths of their directories,
 * their clients' sessions and what was remembered of their calls. All writes go through it, so it never differs from the
 * store. Bounded; confined to the thread that applies.
 */
final class RecentValues implements KeyValueView {
    /** Together with the next one: at most 11 MB. */
    static final int MOST_VALUES = 16_384;

    /** Longer values, such as files of many segments, are read from the store, in bytes. */
    static final int LONGEST_VALUE = 512;

    private static final Set<KeySpace> SPACES =
            EnumSet.of(KeySpace.INODES, KeySpace.DIRECTORIES, KeySpace.CALLS, KeySpace.SESSIONS);

    private final KeyValueStore store;
    private final Map<Key, byte[]> values = new LinkedHashMap<>(1 << 10, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, byte[]> eldest) {
            return size() > MOST_VALUES;
        }
    };

    RecentValues(KeyValueStore store) {
        this.store = store;
    }

    /** Immutable, as long as nobody changes the array that he looked up. */
    private static final class Key {
        private final KeySpace space;
        private final byte[] bytes;

        Key(KeySpace space, byte[] bytes) {
            this.space = space;
            this.bytes = bytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.space == space && Arrays.equals(key.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(bytes) + space.hashCode();
        }
    }

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        if (!SPACES.contains(space)) {
            return store.get(space, key);
        }
        Key name = new Key(space, key);
        byte[] known = values.get(name);
        if (known == null) {
            known = store.get(space, key);
            if (known != null && known.length <= LONGEST_VALUE) {
                values.put(name, known);
            }
        }
        return known;
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        store.scan(space, prefix, from, visitor);
    }

    /** Writes to the store, and remembers what was written. */
    void write(KeyValueBatch batch) {
        store.write(batch);
        for (KeySpace space : SPACES) {
            for (Map.Entry<byte[], KeyValueBatch.Change> change : batch.changes(space)) {
                byte[] value = change.getValue().value();
                Key key = new Key(space, change.getKey());
                if (value == null || value.length > LONGEST_VALUE) {
                    values.remove(key);
                } else {
                    values.put(key, value);
                }
            }
        }
    }

    /** How many values are remembered. */
    int size() {
        return values.size();
    }

    /** Forgets everything: the store was replaced. */
    void clear() {
        values.clear();
    }
}
