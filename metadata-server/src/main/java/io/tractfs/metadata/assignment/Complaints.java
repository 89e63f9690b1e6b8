package io.tractfs.metadata.assignment;

import io.tractfs.id.StoreId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What clients say about members of rows. A complaint that is repeated once the death time is over bars the store from
 * the row, though a probe says that it lives (P16), until it has been quiet for a while. Bounded: past the limit new
 * complaints are dropped. Confined to the assignment loop.
 */
final class Complaints {
    /** Most (row, store) pairs that are remembered. */
    static final int LIMIT = 1 << 16;

    /** Complaints further apart than this many death times are no series. */
    private static final int SERIES_DEATH_TIMES = 3;

    /** A barred store is tried again after this many death times. */
    private static final int BARRED_DEATH_TIMES = 30;

    private final long deathNanos;
    private final Map<Subject, Series> series = new LinkedHashMap<>();
    private final Map<Integer, Map<StoreId, Long>> barredUntil = new HashMap<>();

    private record Subject(int row, StoreId store) {}

    private record Series(long first, long last) {}

    Complaints(long deathNanos) {
        this.deathNanos = deathNanos;
    }

    /** Takes a complaint; true if the store is now barred from the row. */
    boolean complain(int row, StoreId store, long now) {
        Subject subject = new Subject(row, store);
        Series before = series.getOrDefault(subject, new Series(now, now));
        boolean broken = now - before.last() > SERIES_DEATH_TIMES * deathNanos;
        Series after = new Series(broken ? now : before.first(), now);
        if (now - after.first() >= deathNanos) {
            bar(row, store, now);
            return true;
        }
        if (series.size() < LIMIT || series.containsKey(subject)) {
            series.put(subject, after);
        }
        return false;
    }

    /** Bars a store from a row at once: it says itself that it cannot take part. */
    void bar(int row, StoreId store, long now) {
        series.remove(new Subject(row, store));
        barredUntil.computeIfAbsent(row, unused -> new HashMap<>()).put(store, now + BARRED_DEATH_TIMES * deathNanos);
    }

    boolean isBarred(int row, StoreId store) {
        return barredUntil.getOrDefault(row, Map.of()).containsKey(store);
    }

    Set<StoreId> barred(int row) {
        return barredUntil.getOrDefault(row, Map.of()).keySet();
    }

    /** A store that starts anew begins without complaints. */
    void forget(StoreId store) {
        series.keySet().removeIf(subject -> subject.store().equals(store));
        barredUntil.values().forEach(stores -> stores.remove(store));
    }

    /** Lets bars and series end; returns the rows that a store may join again. */
    Set<Integer> expire(long now) {
        series.values().removeIf(one -> now - one.last() > SERIES_DEATH_TIMES * deathNanos);
        Set<Integer> freed = new HashSet<>();
        Iterator<Map.Entry<Integer, Map<StoreId, Long>>> rows =
                barredUntil.entrySet().iterator();
        while (rows.hasNext()) {
            Map.Entry<Integer, Map<StoreId, Long>> row = rows.next();
            if (row.getValue().values().removeIf(until -> now >= until)) {
                freed.add(row.getKey());
            }
            if (row.getValue().isEmpty()) {
                rows.remove();
            }
        }
        return freed;
    }
}
