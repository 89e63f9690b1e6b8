package io.tractfs.metadata.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link KeyValueStore} does. */
public abstract class AbstractKeyValueStoreTest {
    private KeyValueStore store;

    /** A new, empty store. */
    protected abstract KeyValueStore create() throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = create();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void put(KeySpace space, String key, String value) {
        KeyValueBatch batch = new KeyValueBatch();
        batch.put(space, bytes(key), bytes(value));
        store.write(batch);
    }

    private static List<String> scan(KeyValueView view, KeySpace space, String prefix, String from) {
        List<String> found = new ArrayList<>();
        view.scan(
                space,
                bytes(prefix),
                bytes(from),
                (key, value) -> found.add(
                        new String(key, StandardCharsets.UTF_8) + "=" + new String(value, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void readsWhatABatchWrote() {
        put(KeySpace.INODES, "a", "1");
        assertThat(store.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("1"));
        assertThat(store.get(KeySpace.INODES, bytes("b"))).isNull();
        assertThat(store.get(KeySpace.BLOBS, bytes("a"))).isNull();
    }

    @Test
    void givesEachReaderTheInstantAtWhichItBegan() {
        put(KeySpace.INODES, "a", "1");
        try (KeyValueSnapshot first = store.snapshot();
                KeyValueSnapshot same = store.memorySnapshot()) {
            put(KeySpace.INODES, "a", "2");
            try (KeyValueSnapshot later = store.memorySnapshot()) {
                put(KeySpace.INODES, "a", "3");
                assertThat(first.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("1"));
                assertThat(same.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("1"));
                assertThat(later.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("2"));
                assertThat(scan(later, KeySpace.INODES, "", "")).containsExactly("a=2");
            }
        }
        try (KeyValueSnapshot last = store.snapshot()) {
            assertThat(last.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("3"));
        }
    }

    @Test
    void appliesDeletesAndTheLastPutOfAKey() {
        put(KeySpace.INODES, "a", "1");
        KeyValueBatch batch = new KeyValueBatch();
        batch.delete(KeySpace.INODES, bytes("a"));
        batch.put(KeySpace.INODES, bytes("b"), bytes("1"));
        batch.put(KeySpace.INODES, bytes("b"), bytes("2"));
        batch.delete(KeySpace.INODES, bytes("never there"));
        store.write(batch);
        assertThat(scan(store, KeySpace.INODES, "", "")).containsExactly("b=2");
    }

    @Test
    void scansInOrderOfUnsignedBytesWithinAPrefix() {
        put(KeySpace.INODES, "pb", "2");
        put(KeySpace.INODES, "pé", "3");
        put(KeySpace.INODES, "pa", "1");
        put(KeySpace.INODES, "q", "4");
        put(KeySpace.INODES, "o", "0");
        assertThat(scan(store, KeySpace.INODES, "p", "p")).containsExactly("pa=1", "pb=2", "pé=3");
        assertThat(scan(store, KeySpace.INODES, "p", "pab")).containsExactly("pb=2", "pé=3");
    }

    @Test
    void endsAScanWhenTheVisitorSaysSo() {
        put(KeySpace.INODES, "a", "1");
        put(KeySpace.INODES, "b", "2");
        List<byte[]> seen = new ArrayList<>();
        store.scan(KeySpace.INODES, bytes(""), (key, value) -> {
            seen.add(key);
            return false;
        });
        assertThat(seen).hasSize(1);
    }

    @Test
    void showsASnapshotWithoutLaterBatches() {
        put(KeySpace.INODES, "a", "1");
        try (KeyValueSnapshot snapshot = store.snapshot()) {
            put(KeySpace.INODES, "a", "2");
            put(KeySpace.INODES, "b", "3");
            assertThat(snapshot.get(KeySpace.INODES, bytes("a"))).isEqualTo(bytes("1"));
            assertThat(scan(snapshot, KeySpace.INODES, "", "")).containsExactly("a=1");
        }
        assertThat(scan(store, KeySpace.INODES, "", "")).containsExactly("a=2", "b=3");
    }

    @Test
    void agreesWithASortedMapUnderRandomBatches() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            TreeMap<String, String> model = new TreeMap<>();
            clear(KeySpace.GARBAGE);
            for (int step = 0; step < 50; step++) {
                KeyValueBatch batch = new KeyValueBatch();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    String key = "k" + random.nextInt(30);
                    if (random.nextInt(3) == 0) {
                        batch.delete(KeySpace.GARBAGE, bytes(key));
                        model.remove(key);
                    } else {
                        batch.put(KeySpace.GARBAGE, bytes(key), bytes("v" + step));
                        model.put(key, "v" + step);
                    }
                }
                store.write(batch);
            }
            store.flush();
            List<String> expected = new ArrayList<>();
            model.forEach((key, value) -> expected.add(key + "=" + value));
            assertThat(scan(store, KeySpace.GARBAGE, "", ""))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private void clear(KeySpace space) {
        KeyValueBatch batch = new KeyValueBatch();
        store.scan(space, bytes(""), (key, value) -> {
            batch.delete(space, key);
            return true;
        });
        store.write(batch);
    }

    @Test
    void mergesATransactionIntoScansAndReads() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            TreeMap<String, String> model = new TreeMap<>();
            KeyValueBatch base = new KeyValueBatch();
            for (int i = 0; i < 40; i++) {
                String key = "k" + i;
                base.delete(KeySpace.BLOBS, bytes(key));
                if (random.nextBoolean()) {
                    base.put(KeySpace.BLOBS, bytes(key), bytes("base"));
                    model.put(key, "base");
                }
            }
            store.write(base);
            Transaction outer = new Transaction(store, new Counters());
            change(random, outer, model, "outer");
            Transaction inner = outer.nested();
            change(random, inner, model, "inner");
            List<String> expected = new ArrayList<>();
            model.tailMap("k2").forEach((key, value) -> expected.add(key + "=" + value));
            assertThat(scan(inner, KeySpace.BLOBS, "k", "k2"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            outer.adopt(inner);
            assertThat(scan(outer, KeySpace.BLOBS, "k", "k2"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            store.write(outer.batch());
            assertThat(scan(store, KeySpace.BLOBS, "k", "k2"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private static void change(Random random, Transaction transaction, Map<String, String> model, String value) {
        for (int i = 0; i < 15; i++) {
            String key = "k" + random.nextInt(40);
            if (random.nextBoolean()) {
                transaction.put(KeySpace.BLOBS, bytes(key), bytes(value));
                model.put(key, value);
            } else {
                transaction.delete(KeySpace.BLOBS, bytes(key));
                model.remove(key);
            }
        }
    }
}
