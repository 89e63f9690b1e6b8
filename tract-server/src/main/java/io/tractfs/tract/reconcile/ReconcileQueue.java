package io.tractfs.tract.reconcile;

import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which row of a store is reconciled next: rows with the fewest in-sync members first, then those that wait longest. A
 * row that failed waits for its time, longer with each failure; a new version begins anew. Holds at most one entry per
 * row of the store, and lets a bounded number of sessions run. Confined to the store's reconcile loop.
 */
public final class ReconcileQueue {
    /** First pause after a failure. */
    static final long FIRST_PAUSE_MS = 100;
    /** Longest pause. */
    static final long LONGEST_PAUSE_MS = 5_000;

    private final StoreRef self;
    private final int mostSessions;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> byUrgency = new TreeSet<>(Entry.URGENCY);
    private final Set<Integer> running = new HashSet<>();
    private long order;

    /** An empty queue. */
    public ReconcileQueue(StoreRef self, int mostSessions) {
        this.self = self;
        this.mostSessions = mostSessions;
    }

    /** Puts a row in, in place of what was known of it. */
    public void add(HeldRow held, boolean healing) {
        Entry known = entries.get(held.row().index());
        if (known != null && known.held().row().version().equals(held.row().version())) {
            put(new Entry(
                    held,
                    healing || known.healing(),
                    inSyncMembers(held.row()),
                    known.order(),
                    known.failures(),
                    known.notBeforeMs()));
        } else {
            put(new Entry(held, healing, inSyncMembers(held.row()), order++, 0, Long.MIN_VALUE));
        }
    }

    /** Takes a row out: it is in sync, or the store is no member any more. */
    public void remove(int row) {
        Entry known = entries.remove(row);
        if (known != null) {
            byUrgency.remove(known);
        }
    }

    /** The next session to run, if one may; its row counts as running until {@link #ended}. */
    public Optional<ReconcilePlan> next(long nowMs) {
        if (running.size() >= mostSessions) {
            return Optional.empty();
        }
        for (Entry entry : byUrgency) {
            if (running.contains(entry.row()) || entry.notBeforeMs() > nowMs) {
                continue;
            }
            Optional<ReconcilePlan> plan = entry.plan(self);
            if (plan.isPresent()) {
                running.add(entry.row());
                return plan;
            }
        }
        return Optional.empty();
    }

    /**
     * A session ended; a failed one is tried again after a pause, if its row is still here. What was asked for since it began
     * stays: the row under another version (P11), or the comparison of everything where it fetched only what was missing.
     */
    public void ended(ReconcilePlan plan, boolean done, long nowMs) {
        running.remove(plan.row());
        Entry entry = entries.get(plan.row());
        if (entry == null || !entry.held().row().version().equals(plan.version())) {
            return;
        }
        if (!done) {
            put(entry.failed(nowMs));
        } else if (plan.comparesAll() || !entry.healing()) {
            remove(plan.row());
        }
    }

    /** Rows that wait or run. */
    public int size() {
        return entries.size();
    }

    /** Sessions that run. */
    public int runningCount() {
        return running.size();
    }

    private void put(Entry entry) {
        remove(entry.row());
        entries.put(entry.row(), entry);
        byUrgency.add(entry);
    }

    private static int inSyncMembers(Row row) {
        int count = 0;
        for (int column = 0; column < row.columns().count(); column++) {
            if (row.isInSync(column)) {
                count++;
            }
        }
        return count;
    }

    private record Entry(HeldRow held, boolean healing, int inSyncMembers, long order, int failures, long notBeforeMs) {
        private static final Comparator<Entry> URGENCY =
                Comparator.comparingInt(Entry::inSyncMembers).thenComparingLong(Entry::order);

        int row() {
            return held.row().index();
        }

        Optional<ReconcilePlan> plan(StoreRef self) {
            return healing ? ReconcilePlan.forHealing(held, self) : ReconcilePlan.forMissing(held, self);
        }

        Entry failed(long nowMs) {
            long pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 16));
            return new Entry(held, healing, inSyncMembers, order, failures + 1, nowMs + pauseMs);
        }
    }
}
