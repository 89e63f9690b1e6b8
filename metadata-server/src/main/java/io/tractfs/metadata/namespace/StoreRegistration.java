package io.tractfs.metadata.namespace;

import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;

/**
 * A store in the register (P6). Immutable.
 *
 * @param store its id
 * @param incarnation its last start
 * @param server name of its tract server
 * @param removed whether a plan or an operator removed it for good
 */
public record StoreRegistration(StoreId store, Incarnation incarnation, String server, boolean removed) {}
