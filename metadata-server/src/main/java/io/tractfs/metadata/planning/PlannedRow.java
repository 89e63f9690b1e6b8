package io.tractfs.metadata.planning;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;

/**
 * A new membership. Immutable.
 *
 * @param row the membership
 * @param released classes whose last holders an operator has given up: the member that the row names as their holder is to
 *     take them for empty but for what it has (P2)
 */
public record PlannedRow(Row row, ClassSet released) {}
