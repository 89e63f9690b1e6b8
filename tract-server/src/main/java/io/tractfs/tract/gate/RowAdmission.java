package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate of one row with its count of admitted writes. Acknowledging a version promises that no write under an older
 * one will be acknowledged any more (P9): {@link #advance} first refuses new ones, then calls back when the last
 * admitted one is done. The lock is never held across I/O or callbacks (I14). Thread-safe.
 */
public final class RowAdmission {
    private final StoreRef self;
    private final Map<RowVersion, Integer> admitted = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final VersionLengths lengths = new VersionLengths();
    private @Nullable HeldRow held;

    /** The gate of a row; null where the store never heard of it. */
    public RowAdmission(StoreRef self, @Nullable HeldRow held) {
        this.self = self;
        this.held = held;
    }

    /**
     * Asks for entry. An admission of a promised need counts until it is closed, which must come after its
     * acknowledgement was handed to the connection.
     */
    public synchronized Admission admit(Need need, RowVersion requested, int replication) {
        Verdict verdict = VersionGate.decide(need, requested, replication, held, self);
        if (verdict == Verdict.ADMIT && need.isPromised()) {
            admitted.merge(requested, 1, Integer::sum);
            return new Admission(verdict, held, () -> release(requested));
        }
        return new Admission(verdict, held, () -> {});
    }

    /** Asks for the row's list. */
    public synchronized Admission admitList(RowVersion requested, ClassSet classes) {
        return new Admission(VersionGate.decideList(requested, classes, held, self), held, () -> {});
    }

    /**
     * Puts a row in place that was persisted.
     *
     * @param drained called once no write under an older version is admitted any more; at once, on this thread, if
     *     there is none
     */
    public void advance(HeldRow next, Runnable drained) {
        boolean now;
        synchronized (this) {
            if (held == null || !held.row().version().equals(next.row().version())) {
                lengths.clear();
            }
            held = next;
            now = isDrained(next.row().version());
            if (!now) {
                waiters.add(new Waiter(next.row().version(), drained));
            }
        }
        if (now) {
            drained.run();
        }
    }

    /** The row as it is held; null where the store never heard of it. */
    public synchronized @Nullable HeldRow held() {
        return held;
    }

    /** Takes note of a tract before a write under the row's version changes it (P22). */
    public synchronized void beforeWrite(RowVersion version, TractState before) {
        if (held != null && held.row().version().equals(version)) {
            lengths.beforeWrite(version, before);
        }
    }

    /** Takes note of bytes that reconcile brought: they were written under an older version, or all have them (P22). */
    public synchronized void afterReconcile(RowVersion version, TractState after) {
        if (held != null && held.row().version().equals(version)) {
            lengths.afterReconcile(version, after);
        }
    }

    /** Length that a tract had when the present version was accepted; bytes beyond were written under it (P22). */
    public synchronized int lengthAtVersion(TractState state) {
        return held == null ? state.length() : lengths.lengthAt(held.row().version(), state);
    }

    private void release(RowVersion version) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            admitted.computeIfPresent(version, (ignored, count) -> count == 1 ? null : count - 1);
            waiters.removeIf(waiter -> {
                boolean done = isDrained(waiter.version());
                if (done) {
                    due.add(waiter.drained());
                }
                return done;
            });
        }
        due.forEach(Runnable::run);
    }

    private boolean isDrained(RowVersion version) {
        return admitted.keySet().stream().noneMatch(older -> older.isBefore(version));
    }

    private record Waiter(RowVersion version, Runnable drained) {}
}
