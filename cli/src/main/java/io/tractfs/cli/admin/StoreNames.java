package io.tractfs.cli.admin;

import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of stores for people: the tract server's name and the beginning of the store's id. Immutable.
 *
 * @param byId name of each store that a report lists
 */
record StoreNames(Map<StoreId, String> byId) {
    private static final int ID_LENGTH = 8;

    /** Names of the stores of a report. */
    static StoreNames of(ReportResponse report) throws TractException {
        Map<StoreId, String> names = new HashMap<>();
        for (StoreReport store : report.getStoresList()) {
            StoreId id = IdCodec.store(store.getInfo().getRef().getStore());
            names.put(id, store.getInfo().getServer() + "/" + id.toString().substring(0, ID_LENGTH));
        }
        return new StoreNames(Map.copyOf(names));
    }

    /** Name of a store; of an unknown one, the beginning of its id. */
    String of(StoreId id) {
        return byId.getOrDefault(id, "?/" + id.toString().substring(0, ID_LENGTH));
    }
}
