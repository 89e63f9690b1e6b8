package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;

/**
 * One row of a plan. Immutable.
 *
 * @param row the new membership
 * @param floor the version that it builds on (P8)
 */
public record ProposedRow(Row row, RowVersion floor) {}
