package io.tractfs.tract.gate;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The gates of one store's rows. Thread-safe. */
public final class Admissions {
    private final StoreRef self;
    private final Map<Integer, RowAdmission> rows = new ConcurrentHashMap<>();

    /** The gates of a store that starts with these rows. */
    public Admissions(StoreRef self, Iterable<HeldRow> held) {
        this.self = self;
        for (HeldRow row : held) {
            rows.put(row.row().index(), new RowAdmission(self, row));
        }
    }

    /** The gate of a row. */
    public RowAdmission of(int row) {
        RowAdmission known = rows.get(row);
        return known != null ? known : new RowAdmission(self, null);
    }

    /** Puts a persisted row in place; see {@link RowAdmission#advance}. */
    public void advance(HeldRow next, Runnable drained) {
        rows.computeIfAbsent(next.row().index(), ignored -> new RowAdmission(self, null))
                .advance(next, drained);
    }
}
