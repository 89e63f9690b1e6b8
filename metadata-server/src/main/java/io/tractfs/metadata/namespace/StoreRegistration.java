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
 * @param draining whether an operator has it emptied
 * @param givenUp whether an operator says that it will not come back (P2); over when it does
 */
public record StoreRegistration(
        StoreId store, Incarnation incarnation, String server, boolean removed, boolean draining, boolean givenUp) {
    /** A store of which no operator has said anything. */
    public StoreRegistration(StoreId store, Incarnation incarnation, String server, boolean removed) {
        this(store, incarnation, server, removed, false, false);
    }

    /** The same, removed for good. */
    StoreRegistration asRemoved() {
        return new StoreRegistration(store, incarnation, server, true, draining, givenUp);
    }

    /** The same, with an operator's word. */
    StoreRegistration marked(ClusterCommand.StoreMark mark) {
        return switch (mark) {
            case DRAIN -> new StoreRegistration(store, incarnation, server, removed, true, givenUp);
            case KEEP -> new StoreRegistration(store, incarnation, server, removed, false, givenUp);
            case GIVE_UP -> new StoreRegistration(store, incarnation, server, removed, draining, true);
        };
    }
}
