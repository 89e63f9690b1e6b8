package io.tractfs.metadata.planning;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.Row;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that a plan for one row depends on, besides the stores. Immutable.
 *
 * @param base last known membership; {@link Row#unassigned} if there never was one
 * @param floor version of the last published membership; {@link RowVersion#NONE} means that the row is still empty
 * @param copies what live stores have of the row under a version that builds on the floor (P8)
 * @param barred stores that the row must do without for now (they did not answer, or clients complain)
 * @param reserved columns to leave vacant for stores that announced a restart
 * @param givenUp stores that an operator says will not come back: nobody waits for them (P2)
 * @param lost whether nobody is left who could hold the row, by the word of an operator
 * @param superseded whether some store holds a version above the floor, so that even the same membership needs a new one
 */
public record RowCase(
        Row base,
        RowVersion floor,
        Map<StoreId, Copy> copies,
        Set<StoreId> barred,
        int reserved,
        Set<StoreId> givenUp,
        boolean lost,
        boolean superseded) {
    /** Copies the collections. */
    public RowCase {
        // Sorted, since the order of Map.copyOf differs from process to process, and plans must not.
        copies = copies.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(copies));
        barred = barred.isEmpty() ? Set.of() : Set.copyOf(barred);
        givenUp = givenUp.isEmpty() ? Set.of() : Set.copyOf(givenUp);
    }

    /** A row of which no store was given up. */
    public RowCase(
            Row base,
            RowVersion floor,
            Map<StoreId, Copy> copies,
            Set<StoreId> barred,
            int reserved,
            boolean superseded) {
        this(base, floor, copies, barred, reserved, Set.of(), false, superseded);
    }

    /** A published row of which nobody but its members is known to have data. */
    static RowCase of(Row row) {
        return new RowCase(row, row.version(), Map.of(), Set.of(), 0, false);
    }

    /** A row that never had a membership. */
    public static RowCase unassigned(int index, int columns) {
        return new RowCase(Row.unassigned(index, columns), RowVersion.NONE, Map.of(), Set.of(), 0, false);
    }

    /** The same row, which has to do without other stores. */
    RowCase withBarred(Set<StoreId> without) {
        return new RowCase(base, floor, copies, without, reserved, givenUp, lost, superseded);
    }

    /** Whether the row was never published and so holds nothing: every member holds all of it. */
    boolean isFresh() {
        return floor.equals(RowVersion.NONE);
    }
}
