package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import java.util.BitSet;
import java.util.List;

/** Every row, and which of them have to be looked at. Confined to the assignment loop. */
final class RowTable {
    private final RowState[] rows;
    private final BitSet dirty = new BitSet();

    RowTable(List<RowVersion> floors, int columns) {
        rows = new RowState[floors.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new RowState(i, columns, floors.get(i));
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

    /** A row may need another plan. */
    void touch(int index) {
        dirty.set(index);
    }

    void touchAll() {
        dirty.set(0, rows.length);
    }

    /** The rows touched since this was last asked. */
    BitSet takeTouched() {
        BitSet touched = (BitSet) dirty.clone();
        dirty.clear();
        return touched;
    }
}
