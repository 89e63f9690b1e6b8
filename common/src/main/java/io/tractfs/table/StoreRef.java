package io.tractfs.table;

import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;

/**
 * One start of one store: what a row's member is (P6). Immutable.
 *
 * @param store the store
 * @param incarnation the start
 */
public record StoreRef(StoreId store, Incarnation incarnation) {
    @Override
    public String toString() {
        return store + "#" + incarnation;
    }
}
