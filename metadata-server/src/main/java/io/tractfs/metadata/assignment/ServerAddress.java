package io.tractfs.metadata.assignment;

import io.tractfs.table.StoreInfo;

/**
 * Where a tract server listens: what is probed, since its stores share their fate. Immutable.
 *
 * @param host advertised host
 * @param port advertised data port
 */
public record ServerAddress(String host, int port) {
    /** The server of a store. */
    public static ServerAddress of(StoreInfo store) {
        return new ServerAddress(store.host(), store.port());
    }
}
