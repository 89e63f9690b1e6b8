package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;

/**
 * One row of a plan. Immutable.
 *
 * @param row the new membership
 * @param floor the version that it builds on (P8)
 * @param released classes whose last holders an operator has given up: the store holds those that the row says it holds (P2)
 */
public record ProposedRow(Row row, RowVersion floor, ClassSet released) {
    /** A row of which nothing was given up. */
    public ProposedRow(Row row, RowVersion floor) {
        this(row, floor, ClassSet.EMPTY);
    }
}
