package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.StoreRefMessage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stores of this server, by id, and the directories that could not be opened. Immutable. */
final class Stores {
    private final Map<StoreId, ServedStore> byId = new LinkedHashMap<>();
    private final List<RefusedDirectory> refused;

    Stores(List<ServedStore> stores, List<RefusedDirectory> refused) {
        this.refused = List.copyOf(refused);
        stores.forEach(store -> byId.put(store.ref().store(), store));
    }

    /** Every store. */
    Collection<ServedStore> all() {
        return byId.values();
    }

    /** Directories that are configured and not served. */
    List<RefusedDirectory> refused() {
        return refused;
    }

    /** The store with an id, whatever start of it is addressed. */
    ServedStore ofAnyIncarnation(StoreRef ref) throws TractException {
        ServedStore store = byId.get(ref.store());
        if (store == null) {
            throw new TractException(ErrorCode.UNKNOWN_STORE, "store " + ref.store() + " is not served here");
        }
        return store;
    }

    /** The store that is addressed, in the incarnation that is addressed (P6), and working. */
    ServedStore of(StoreRef ref) throws TractException {
        ServedStore store = ofAnyIncarnation(ref);
        if (!store.ref().equals(ref)) {
            throw new TractException(
                    ErrorCode.STALE_INCARNATION,
                    "store " + ref.store() + " runs in incarnation "
                            + store.ref().incarnation() + ", not " + ref.incarnation());
        }
        return store;
    }

    /** As {@link #of(StoreRef)}. */
    ServedStore of(StoreRefMessage message) throws TractException {
        return of(StoreCodec.decode(message));
    }
}
