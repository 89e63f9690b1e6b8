package io.tractfs.tract.gate;

import io.tractfs.table.Row;
import java.util.List;

/**
 * A page of what a store holds, whole memberships with every state (P4). Immutable.
 *
 * @param rows in order of index
 * @param nextRow first row of the next page; 0 if this was the last
 */
public record ClaimsPage(List<Row> rows, int nextRow) {
    /** Copies the list. */
    public ClaimsPage {
        rows = List.copyOf(rows);
    }
}
