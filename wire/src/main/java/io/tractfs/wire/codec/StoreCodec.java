package io.tractfs.wire.codec;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Incarnation;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;

/** Which store it is and where it is reached. Stateless, thread-safe. */
public final class StoreCodec {
    private static final int MAX_PORT = 65_535;

    private StoreCodec() {}

    /** One start of a store. */
    public static StoreRefMessage encode(StoreRef ref) {
        return StoreRefMessage.newBuilder()
                .setStore(IdCodec.encode(ref.store()))
                .setIncarnation(ref.incarnation().value())
                .build();
    }

    /** Reads one start of a store. */
    public static StoreRef decode(StoreRefMessage message) throws TractException {
        if (message.getIncarnation() < 0) {
            throw new TractException(ErrorCode.MALFORMED, "incarnation is too large: " + message.getIncarnation());
        }
        return new StoreRef(IdCodec.store(message.getStore()), new Incarnation(message.getIncarnation()));
    }

    /** Where a store is reached. */
    public static StoreInfoMessage encode(StoreInfo info) {
        return StoreInfoMessage.newBuilder()
                .setRef(encode(info.ref()))
                .setServer(info.server())
                .setHost(info.host())
                .setPort(info.port())
                .setDomain(info.domain())
                .build();
    }

    /** Reads where a store is reached. */
    public static StoreInfo decode(StoreInfoMessage message) throws TractException {
        if (message.getPort() < 0 || message.getPort() > MAX_PORT) {
            throw new TractException(ErrorCode.MALFORMED, "port is 0 to " + MAX_PORT + ", not " + message.getPort());
        }
        return new StoreInfo(
                decode(message.getRef()),
                message.getServer(),
                message.getHost(),
                message.getPort(),
                message.getDomain());
    }
}
