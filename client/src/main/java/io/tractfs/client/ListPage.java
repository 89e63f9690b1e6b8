package io.tractfs.client;

import java.util.List;

/**
 * One page of a listing. Immutable.
 *
 * @param entries in order
 * @param more whether entries follow
 */
public record ListPage(List<FileInfo> entries, boolean more) {
    /** Copies the list. */
    public ListPage {
        entries = List.copyOf(entries);
    }
}
