package io.tractfs.metadata.namespace;

import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.StoreId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The replicated state machine: {@code apply(entry, position) → results}. Deterministic: time, ids and callers are
 * arguments of the commands. Effects, results for retries and the applied position are written in one batch (P34), so
 * after a crash the state is that of a whole entry, and entries that it has are skipped. One thread applies; every other
 * method is thread-safe.
 */
public final class NamespaceState implements ClusterRecords {
    private final KeyValueStore store;
    /** The store as the thread that applies sees it: all its reads and writes go this way. */
    private final RecentValues recent;

    private volatile Counters counters;

    /** Takes up the state that a store holds. */
    public NamespaceState(KeyValueStore store) {
        this.store = store;
        this.recent = new RecentValues(store);
        this.counters = read(store);
    }

    /** Takes up what the store holds now, after it was replaced as a whole; called by the thread that applies. */
    public void reload() {
        recent.clear();
        counters = read(store);
    }

    private static Counters read(KeyValueStore store) {
        byte[] value = store.get(KeySpace.COUNTERS, Keys.EMPTY);
        return value == null ? new Counters() : CountersCodec.decode(value);
    }

    /**
     * Applies one entry of the log.
     *
     * @return a result per call, in order; none if the entry had been applied before
     */
    public List<Result> apply(LogPosition position, LoggedEntry entry) {
        if (position.index() <= counters.applied.index()) {
            return List.of();
        }
        Transaction transaction = new Transaction(recent, counters.copy());
        long timeMs = Math.max(entry.timeMs(), counters.timeMs);
        RetryCache.expire(transaction, counters.timeMs, timeMs, entry.retentionMs());
        List<Result> results = new ArrayList<>(entry.calls().size());
        for (Call call : entry.calls()) {
            results.add(apply(transaction, call, position, timeMs, entry));
        }
        Counters changed = transaction.counters();
        changed.applied = position;
        changed.timeMs = timeMs;
        transaction.put(KeySpace.COUNTERS, Keys.EMPTY, CountersCodec.encode(changed));
        recent.write(transaction.batch());
        counters = changed;
        return results;
    }

    private static Result apply(Transaction below, Call call, LogPosition position, long timeMs, LoggedEntry entry) {
        if (call.name().hasClient()) {
            Optional<Result> before = RetryCache.find(below, call.name(), timeMs, entry.retentionMs());
            if (before.isPresent()) {
                return before.get();
            }
        }
        Transaction transaction = below.nested();
        Subject subject = new Subject();
        Result result = CommandRules.apply(
                new Execution(transaction, call.requester(), call.name(), position, timeMs, entry.limits(), subject),
                call.command());
        if (!(result instanceof Result.Refused || result instanceof Result.Held)) {
            below.adopt(transaction);
            call.watcher().applied(subject.attributes());
        }
        if (call.name().hasClient()) {
            RetryCache.remember(below, call.name(), timeMs, result);
        }
        return result;
    }

    /** Where the log has been applied to. */
    public LogPosition applied() {
        return counters.applied;
    }

    /** Makes everything applied so far durable; after this the log up to {@link #applied()} may be dropped. */
    public LogPosition flush() {
        LogPosition position = counters.applied;
        store.flush();
        return position;
    }

    /** Logged time of the last entry, ms since 1970. */
    public long timeMs() {
        return counters.timeMs;
    }

    @Override
    public Optional<ClusterLayout> layout() {
        byte[] value = store.get(KeySpace.LAYOUT, Keys.EMPTY);
        return value == null ? Optional.empty() : Optional.of(ClusterCodec.decodeLayout(value));
    }

    @Override
    public long[] floors() {
        long[] floors = new long[layout().map(ClusterLayout::rows).orElse(0)];
        store.scan(KeySpace.FLOORS, Keys.EMPTY, (key, value) -> {
            floors[Keys.toInt(key)] = Keys.toLong(value);
            return true;
        });
        return floors;
    }

    @Override
    public Map<StoreId, StoreRegistration> stores() {
        Map<StoreId, StoreRegistration> stores = new LinkedHashMap<>();
        store.scan(KeySpace.STORES, Keys.EMPTY, (key, value) -> {
            StoreRegistration registration = ClusterCodec.decodeStore(value);
            stores.put(registration.store(), registration);
            return true;
        });
        return stores;
    }

    @Override
    public List<EpochRecord> epochs() {
        List<EpochRecord> epochs = new ArrayList<>();
        store.scan(KeySpace.EPOCHS, Keys.EMPTY, (key, value) -> epochs.add(ClusterCodec.decodeEpoch(key, value)));
        return epochs;
    }

    @Override
    public long appliedIndex() {
        return counters.applied.index();
    }

    @Override
    public long garbageStart() {
        return counters.garbageStart;
    }

    @Override
    public long garbageHead() {
        return counters.garbageHead;
    }

    @Override
    public List<Garbage> garbage(long after, int limit) {
        List<Garbage> entries = new ArrayList<>();
        if (limit > 0) {
            // What was trimmed leaves marks that a scan would have to step over.
            long from = Math.max(after + 1, counters.garbageStart);
            store.scan(KeySpace.GARBAGE, Keys.EMPTY, Keys.ofLong(from), (key, value) -> {
                entries.add(new Garbage(Keys.toLong(key), new BlobId(Keys.toLong(value))));
                return entries.size() < limit;
            });
        }
        return entries;
    }

    @Override
    public boolean isAlive(BlobId blob) {
        return store.get(KeySpace.BLOBS, Keys.ofLong(blob.value())) != null;
    }

    @Override
    public long inodeCount() {
        return counters.inodeCount;
    }

    @Override
    public boolean isRestoring() {
        return counters.restoring;
    }

    @Override
    public List<String> restoredWithout() {
        return counters.without;
    }

    @Override
    public Epoch endedBefore() {
        return counters.endedBefore;
    }

    @Override
    public boolean areDeletesHeld() {
        return counters.deletesHeld;
    }

    /**
     * Marks the tables of a copy as restored (P30), before anybody opens them as a metadata server's.
     *
     * @param without names of tract servers, or ids of stores, that will not come back: nobody waits for them
     */
    public static void markRestored(KeyValueStore copy, Collection<String> without) {
        KeyValueBatch batch = new KeyValueBatch();
        Counters restored = read(copy);
        restored.restoring = true;
        restored.lifted = Epoch.NONE;
        restored.without = List.copyOf(without);
        batch.put(KeySpace.COUNTERS, Keys.EMPTY, CountersCodec.encode(restored));
        copy.write(batch);
        copy.flush();
    }

    @Override
    public boolean hasDetached() {
        return counters.detachedCount > 0;
    }
}
