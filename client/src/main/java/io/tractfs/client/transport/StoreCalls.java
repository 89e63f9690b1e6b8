package io.tractfs.client.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Reply;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Calls to stores, each tried once with the configured time-out, and the addresses that they carry for the version
 * gate. Thread-safe.
 *
 * @param calls to servers
 * @param timeoutMs of each call
 */
public record StoreCalls(RpcCalls calls, long timeoutMs) {
    private static final int UUID_BYTES = 16;

    /** Sends a call without a body. */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            StoreInfo store, Method<Q, R> method, Q message) {
        return call(store, method, message, Body.NONE);
    }

    /**
     * Sends a call.
     *
     * @param body handed over
     */
    public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
            StoreInfo store, Method<Q, R> method, Q message, Body body) {
        return calls.call(
                new HostPort(store.host(), store.port()), method, message, body, CallOptions.timeout(timeoutMs));
    }

    /** The address of a tract at one member. */
    public static TractAddress address(StoreRef member, TractId tract, int row, RowVersion version) {
        return TractAddress.newBuilder()
                .setRef(reference(member))
                .setRow(row)
                .setVersion(version.value())
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }

    /** A store and its incarnation as they travel. */
    public static StoreRefMessage reference(StoreRef member) {
        return StoreRefMessage.newBuilder()
                .setStore(bytes(member.store().value()))
                .setIncarnation(member.incarnation().value())
                .build();
    }

    private static ByteString bytes(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
        return ByteString.copyFrom(bytes);
    }
}
