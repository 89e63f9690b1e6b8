package io.tractfs.tract.reconcile;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;

/**
 * A run of bytes to fetch. Immutable.
 *
 * @param source from whom
 * @param remote the tract as the listed source holds it
 * @param from first byte, a multiple of the chunk size
 * @param to byte after the last; equal to {@code from} where only generation and fence are taken over
 */
public record Stretch(StoreRef source, TractState remote, int from, int to) {
    /** Whether no bytes travel. */
    public boolean isEmpty() {
        return from == to;
    }

    /** The same bytes from somebody else. */
    Stretch from(StoreRef other) {
        return new Stretch(other, remote, from, to);
    }
}
