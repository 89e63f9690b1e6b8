package io.tractfs.metadata.namespace;

import java.util.List;

/**
 * One page of a directory. Immutable.
 *
 * @param entries in order of names as UTF-8 bytes
 * @param more whether entries follow
 */
public record Listing(List<FileStatus> entries, boolean more) {
    /** Copies the list. */
    public Listing {
        entries = List.copyOf(entries);
    }
}
