package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.Stretch;
import io.tractfs.tract.store.TractState;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.ListRowRequest;
import io.tractfs.wire.proto.ListRowResponse;
import io.tractfs.wire.proto.ReadTractRequest;
import io.tractfs.wire.proto.ReadTractResponse;
import io.tractfs.wire.proto.ReportDamageRequest;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.proto.TractEntry;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the stores from which a row is fetched. Thread-safe. */
final class SourceProxy {
    private static final Logger LOG = LoggerFactory.getLogger(SourceProxy.class);
    private static final long LIST_TIMEOUT_MS = 10_000;
    private static final long READ_TIMEOUT_MS = 15_000;

    private final RpcClient client;
    private final Peers peers;

    SourceProxy(RpcClient client, Peers peers) {
        this.client = client;
        this.peers = peers;
    }

    /** Asks for a page of a row's list. */
    CompletableFuture<ListRowResponse> list(ListRow ask) {
        ListRowRequest.Builder request = ListRowRequest.newBuilder()
                .setRef(StoreCodec.encode(ask.source()))
                .setRow(ask.row())
                .setVersion(ask.version().value())
                .setClasses(ask.classes().bits())
                .setLimit(ask.limit());
        if (ask.after() != null) {
            request.setAfter(TractEntries.key(ask.after()));
        }
        try {
            return client.call(
                            peers.address(ask.source()),
                            Methods.LIST_ROW,
                            request.build(),
                            Body.NONE,
                            CallOptions.timeout(LIST_TIMEOUT_MS))
                    .thenApply(reply -> {
                        try (reply) {
                            return reply.message();
                        }
                    });
        } catch (TractException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks for the bytes of a stretch; the caller closes the reply. */
    CompletableFuture<Reply<ReadTractResponse>> read(Stretch stretch, int row, RowVersion version) {
        ReadTractRequest request = ReadTractRequest.newBuilder()
                .setAddress(address(stretch, row, version))
                .setOffset(stretch.from())
                .setLength(stretch.to() - stretch.from())
                .setReconcile(true)
                .build();
        try {
            return client.call(
                    peers.address(stretch.source()),
                    Methods.READ_TRACT,
                    request,
                    Body.NONE,
                    CallOptions.timeout(READ_TIMEOUT_MS));
        } catch (TractException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Tells a source that bytes it sent do not verify; whether it hears makes no difference here. */
    void reportDamage(Stretch stretch, int row, RowVersion version) {
        ReportDamageRequest report = ReportDamageRequest.newBuilder()
                .setAddress(address(stretch, row, version))
                .setOffset(stretch.from())
                .build();
        try {
            CompletableFuture<Void> unused = client.call(
                            peers.address(stretch.source()),
                            Methods.REPORT_DAMAGE,
                            report,
                            Body.NONE,
                            CallOptions.timeout(READ_TIMEOUT_MS))
                    .handle((reply, failure) -> {
                        if (reply != null) {
                            reply.close();
                        }
                        return null;
                    });
        } catch (TractException e) {
            LOG.debug("event=damage-not-reported source={} reason={}", stretch.source(), e.getMessage());
        }
    }

    /** The states in a page. */
    static List<TractState> states(List<TractEntry> entries) throws TractException {
        List<TractState> states = new ArrayList<>(entries.size());
        for (TractEntry entry : entries) {
            states.add(TractEntries.decode(entry));
        }
        return states;
    }

    private static TractAddress address(Stretch stretch, int row, RowVersion version) {
        StoreRef source = stretch.source();
        return TractAddress.newBuilder()
                .setRef(StoreCodec.encode(source))
                .setRow(row)
                .setVersion(version.value())
                .setBlob(stretch.remote().tract().blob().value())
                .setIndex(stretch.remote().tract().index())
                .build();
    }
}
