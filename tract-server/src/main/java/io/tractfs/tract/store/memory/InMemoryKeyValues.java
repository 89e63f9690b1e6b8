package io.tractfs.tract.store.memory;

import io.tractfs.tract.store.Bytes;
import io.tractfs.tract.store.KeyValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keys and values in memory; power loss drops a tail of the batches that were not synced. Thread-safe. */
public final class InMemoryKeyValues implements KeyValues {
    private final Map<Family, SortedMap<Bytes, Bytes>> families = new EnumMap<>(Family.class);
    private final List<List<Change>> log = new ArrayList<>();
    private int synced;
    private boolean failing;
    private boolean damaged;
    private Runnable onWrite = () -> {};

    /** Nothing is kept yet. */
    public InMemoryKeyValues() {
        clear();
    }

    @Override
    public synchronized void write(List<Change> changes, boolean sync) throws IOException {
        onWrite.run();
        if (failing) {
            throw new IOException("injected failure of the key-value log");
        }
        log.add(List.copyOf(changes));
        apply(changes);
        if (sync) {
            synced = log.size();
        }
    }

    @Override
    public synchronized Optional<Bytes> get(Family family, Bytes key) {
        return Optional.ofNullable(family(family).get(key));
    }

    @Override
    public synchronized List<Entry> scan(Family family, Bytes from, int limit) {
        return family(family).tailMap(from).entrySet().stream()
                .limit(limit)
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public synchronized void verify() throws IOException {
        if (damaged) {
            throw new IOException("injected damage of the key-value log");
        }
    }

    /** Never happens. */
    @Override
    public void whenTractsAreForgotten(Runnable action) {}

    /** Does nothing: the object is the disk. */
    @Override
    public void close() {}

    /** Makes {@link #verify} fail. */
    public synchronized void damage() {
        damaged = true;
    }

    /** Sets what happens before each write, such as the end of the process. */
    public synchronized void onWrite(Runnable action) {
        onWrite = action;
    }

    /** Makes writes fail from now on, or not. */
    public synchronized void failing(boolean fails) {
        failing = fails;
    }

    /** Keeps what was synced and some of what came after. */
    public synchronized void losePower(Random random) {
        int kept = synced + random.nextInt(log.size() - synced + 1);
        log.subList(kept, log.size()).clear();
        synced = kept;
        clear();
        log.forEach(this::apply);
    }

    private void clear() {
        for (Family family : Family.values()) {
            families.put(family, new TreeMap<>());
        }
    }

    private void apply(List<Change> changes) {
        for (Change change : changes) {
            Bytes value = change.value();
            if (value == null) {
                family(change.family()).remove(change.key());
            } else {
                family(change.family()).put(change.key(), value);
            }
        }
    }

    private SortedMap<Bytes, Bytes> family(Family family) {
        return families.computeIfAbsent(family, absent -> new TreeMap<>());
    }
}
