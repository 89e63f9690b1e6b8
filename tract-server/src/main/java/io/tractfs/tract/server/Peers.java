package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.rpc.HostPort;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where other stores are reached, as the leader told it with the rows. Thread-safe. */
final class Peers {
    private final Map<StoreId, StoreInfo> stores = new ConcurrentHashMap<>();

    /** Takes note of stores. */
    void learn(List<StoreInfoMessage> messages) throws TractException {
        for (StoreInfoMessage message : messages) {
            StoreInfo info = StoreCodec.decode(message);
            stores.merge(
                    info.ref().store(),
                    info,
                    (old, fresh) ->
                            old.ref().incarnation().compareTo(fresh.ref().incarnation()) > 0 ? old : fresh);
        }
    }

    /** Address of a store. */
    HostPort address(StoreRef ref) throws TractException {
        StoreInfo info = stores.get(ref.store());
        if (info == null) {
            throw new TractException(ErrorCode.UNKNOWN_STORE, "nobody told where store " + ref + " is");
        }
        return new HostPort(info.host(), info.port());
    }
}
