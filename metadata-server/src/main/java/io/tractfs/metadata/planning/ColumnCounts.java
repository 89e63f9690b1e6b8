package io.tractfs.metadata.planning;

import io.tractfs.id.StoreId;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many columns each store has at each place of a row, kept while rows change, so that a plan for a few rows does not
 * have to count all others. Not thread-safe.
 */
public final class ColumnCounts {
    private final Map<StoreId, int[]> byStore = new HashMap<>();
    private final int columns;

    /** No columns at all, of rows with k columns. */
    public ColumnCounts(int columns) {
        this.columns = columns;
    }

    /** Counts the members of a row. */
    public void add(Columns row) {
        change(row, 1);
    }

    /** Takes back the members of a row that was counted. */
    public void remove(Columns row) {
        change(row, -1);
    }

    private void change(Columns row, int by) {
        for (int column = 0; column < columns; column++) {
            @Nullable Member member = row.at(column);
            if (member != null) {
                byStore.computeIfAbsent(member.ref().store(), store -> new int[columns])[column] += by;
            }
        }
    }

    /** Columns that a store has at one place. */
    int at(StoreId store, int column) {
        int @Nullable [] counts = byStore.get(store);
        return counts == null ? 0 : counts[column];
    }
}
