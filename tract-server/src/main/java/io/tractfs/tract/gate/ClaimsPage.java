package io.tractfs.tract.gate;

import io.tractfs.table.Row;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A page of what a store holds, whole memberships with every state (P4). Immutable.
 *
 * @param rows in order of index
 * @param nextRow first row of the next page; 0 if this was the last
 * @param unclean rows of the page that a power loss may have cut, and that were not merged with the other copies since (P7)
 */
public record ClaimsPage(List<Row> rows, int nextRow, Set<Integer> unclean) {
    /** Copies the collections. */
    public ClaimsPage {
        rows = List.copyOf(rows);
        unclean = Collections.unmodifiableSet(new TreeSet<>(unclean));
    }
}
