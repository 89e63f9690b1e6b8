package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.ColumnCounts;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Every row, and which of them have to be looked at. With a million rows nobody can look at all of them when one store
 * dies: so it is kept which rows a store is named in, which rows are not as they should be whatever the stores do, and how
 * many columns each store has. Confined to the assignment loop.
 */
final class RowTable {
    private final RowState[] rows;
    private final Columns[] counted;
    private final ColumnCounts counts;
    private final Map<StoreId, RowNumbers> naming = new HashMap<>();
    private final BitSet unsettled = new BitSet();
    private final BitSet dirty = new BitSet();
    private final BitSet postponed = new BitSet();

    RowTable(List<RowVersion> floors, int columns) {
        rows = new RowState[floors.size()];
        counted = new Columns[floors.size()];
        counts = new ColumnCounts(columns);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new RowState(i, columns, floors.get(i), this::changed);
            counted[i] = rows[i].intended().columns();
            unsettled.set(i);
        }
    }

    int count() {
        return rows.length;
    }

    RowState at(int index) {
        return rows[index];
    }

    boolean has(int index) {
        return index >= 0 && index < rows.length;
    }

    /** Columns of all rows as they are meant to be. */
    ColumnCounts counts() {
        return counts;
    }

    /** A row is not what it was. */
    private void changed(RowState row) {
        int index = row.index();
        Columns meant = row.intended().columns();
        if (!counted[index].equals(meant)) {
            counts.remove(counted[index]);
            counts.add(meant);
            counted[index] = meant;
        }
        unsettled.set(index, !row.isSettled());
        name(row.base(), index);
        if (row.plan() != null) {
            name(row.intended(), index);
        }
        row.copies().forEach(copy -> name(copy.ref().store(), index));
        row.reserved().forEach(store -> name(store, index));
    }

    private void name(Row row, int index) {
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null) {
                name(member.ref().store(), index);
            }
        }
        row.waiting().forEach(away -> name(away.store(), index));
    }

    private void name(StoreId store, int index) {
        naming.computeIfAbsent(store, absent -> new RowNumbers()).add(index);
    }

    /** Does something with each row that a store is a member of, planned for, waited for, or has a copy of. */
    void forEachNaming(StoreId store, Consumer<RowState> action) {
        @Nullable RowNumbers numbers = naming.get(store);
        if (numbers != null) {
            numbers.retain(index -> rows[index].names(store));
            BitSet found = new BitSet();
            numbers.forEach(found::set);
            found.stream().forEach(index -> action.accept(rows[index]));
        }
    }

    /** Whether any row that is not as it should be has some property. */
    boolean anyUnsettled(IntPredicate property) {
        return unsettled.stream().anyMatch(property);
    }

    /** A row may need another plan. */
    void touch(int index) {
        dirty.set(index);
    }

    /** A row may need another plan when some time has passed. */
    void touchLater(int index) {
        postponed.set(index);
    }

    /** Time has passed. */
    void touchPostponed() {
        dirty.or(postponed);
        postponed.clear();
    }

    /** Rows that name a store, and, a little later, those that any store may be of use to. */
    void touch(StoreId changed) {
        postponed.or(unsettled);
        forEachNaming(changed, row -> dirty.set(row.index()));
    }

    void touchAll() {
        dirty.set(0, rows.length);
    }

    /** Some rows after a place, wrapping around; the place after them. */
    int touchFrom(int start, int most) {
        int end = Math.min(rows.length, start + most);
        dirty.set(start, end);
        return end == rows.length ? 0 : end;
    }

    /** The rows touched since this was last asked. */
    BitSet takeTouched() {
        BitSet touched = (BitSet) dirty.clone();
        dirty.clear();
        return touched;
    }
}
