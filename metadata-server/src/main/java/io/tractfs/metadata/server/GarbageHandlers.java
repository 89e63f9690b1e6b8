package io.tractfs.metadata.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.wire.proto.AskBlobsRequest;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.BlobEnd;
import io.tractfs.wire.proto.GarbageEntry;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetGarbageResponse;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RequestHandler;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Optional;

/** The garbage log, and which blobs are alive, for stores (P32). Thread-safe. */
final class GarbageHandlers {
    /** Most entries of one answer. */
    static final int MAX_ENTRIES = 10_000;

    /** As unsigned the largest number of tracts. */
    private static final BlobEnd UNKNOWN_END =
            BlobEnd.newBuilder().setTracts(-1).build();

    private final NamespaceServices services;
    private final NamespaceState state;

    /** Handlers over the services. */
    GarbageHandlers(NamespaceServices services) {
        this.services = services;
        this.state = services.state();
    }

    /** Registers the methods. */
    void register(RpcServer.Builder builder) {
        builder.on(Methods.GET_GARBAGE, handler(this::garbage));
        builder.on(Methods.ASK_BLOBS, handler(this::alive));
    }

    /** One read. */
    @FunctionalInterface
    private interface Read<Q, R> {
        R read(Q request);
    }

    private <Q, R> RequestHandler<Q, R> handler(Read<Q, R> read) {
        return exchange -> {
            exchange.body().release();
            // A store acts on the answer by deleting, so it comes from a leader that the stores have granted (P12).
            Optional<TractException> refusal = services.gate().refusalToShrink();
            if (refusal.isPresent()) {
                exchange.fail(refusal.get());
            } else {
                services.reads().answerLinearizable(services.log(), exchange, () -> read.read(exchange.message()));
            }
        };
    }

    private GetGarbageResponse garbage(GetGarbageRequest request) {
        int limit = request.getLimit() < 1 || request.getLimit() > MAX_ENTRIES ? MAX_ENTRIES : request.getLimit();
        if (state.areDeletesHeld()) {
            // A restore has yet to be confirmed (P30): there is nothing to delete, whatever the log says.
            return GetGarbageResponse.newBuilder()
                    .setHead(request.getAfter())
                    .setLogStart(request.getAfter() + 1)
                    .setHeld(true)
                    .build();
        }
        // The head is read first: every entry up to it is in the log when the entries are read.
        long head = state.garbageHead();
        GetGarbageResponse.Builder response = GetGarbageResponse.newBuilder().setHead(head);
        state.garbage(request.getAfter(), limit)
                .forEach(entry -> response.addEntries(GarbageEntry.newBuilder()
                        .setSequence(entry.sequence())
                        .setBlob(entry.blob().value())));
        return response.setLogStart(state.garbageStart()).build();
    }

    private BlobEnd end(BlobId blob) {
        return services.reader()
                .end(blob)
                .map(end -> BlobEnd.newBuilder()
                        .setTracts(end.tracts())
                        .setGeneration(end.generation().value())
                        .build())
                .orElse(UNKNOWN_END);
    }

    private AskBlobsResponse alive(AskBlobsRequest request) {
        AskBlobsResponse.Builder response = AskBlobsResponse.newBuilder();
        boolean all = state.areDeletesHeld() && !request.getTrashed();
        request.getBlobsList().forEach(blob -> response.addAlive(all || state.isAlive(new BlobId(blob))));
        if (request.getEnds()) {
            request.getBlobsList().forEach(blob -> response.addEnds(all ? UNKNOWN_END : end(new BlobId(blob))));
        }
        // Read last: what was found dead has its entry in the log by now.
        return response.setGarbageHead(state.garbageHead()).build();
    }
}
