package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.time.Clock;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.store.TractInventory;
import io.tractfs.tract.store.TractInventory.Inspected;
import io.tractfs.tract.store.TractState;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.InspectTractsRequest;
import io.tractfs.wire.proto.InspectTractsResponse;
import io.tractfs.wire.proto.InspectedTract;
import io.tractfs.wire.proto.ListTractsRequest;
import io.tractfs.wire.proto.ListTractsResponse;
import io.tractfs.wire.proto.RepairRequest;
import io.tractfs.wire.proto.RepairResponse;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.TractKey;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an operator's check (fsck): what the disk holds, tract by tract and name by name, and its repair. Runs on one
 * thread per store; a call that reads much answers for a part of what was asked. Thread-safe.
 */
final class InspectHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(InspectHandlers.class);

    /** Most tracts or rows of a request, and most names of a page. */
    static final int MAX_ENTRIES = 4096;

    /** After this time a call answers with what it has. */
    static final long SLICE_MS = 2_000;

    /** Directories that one call lists though they are empty. */
    private static final int MAX_BUCKETS = 512;

    private final Stores stores;
    private final Layout layout;
    private final Calls calls;
    private final Function<ServedStore, Optional<GarbageLog>> leader;
    private final Clock clock;

    /**
     * Handlers.
     *
     * @param leader asks the leader which blobs are alive, on behalf of a store; empty while no leader is known
     */
    InspectHandlers(
            Stores stores,
            Layout layout,
            Calls calls,
            Function<ServedStore, Optional<GarbageLog>> leader,
            Clock clock) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
        this.leader = leader;
        this.clock = clock;
    }

    /** Registers the methods. */
    void register(RpcServer.Builder server) {
        server.on(
                Methods.INSPECT_TRACTS,
                exchange -> calls.serve(exchange, run -> {
                    ServedStore store = store(exchange.message().getRef());
                    checkCount(exchange.message().getTractsCount());
                    run.on(store.threads().inspector(), () -> inspect(exchange, store));
                }));
        server.on(
                Methods.LIST_TRACTS,
                exchange -> calls.serve(exchange, run -> {
                    ServedStore store = store(exchange.message().getRef());
                    checkBucket(exchange.message().getBucket());
                    run.on(store.threads().inspector(), () -> list(exchange, store));
                }));
        server.on(
                Methods.REPAIR_STORE,
                exchange -> calls.serve(exchange, run -> {
                    ServedStore store = store(exchange.message().getRef());
                    checkCount(exchange.message().getRowsCount()
                            + exchange.message().getOrphansCount()
                            + exchange.message().getStraysCount()
                            + exchange.message().getBehindEndsCount());
                    run.on(store.threads().inspector(), () -> repair(exchange, store));
                }));
    }

    private ServedStore store(StoreRefMessage ref) throws TractException {
        return stores.ofAnyIncarnation(StoreCodec.decode(ref));
    }

    private static void checkCount(int count) throws TractException {
        if (count > MAX_ENTRIES) {
            throw new TractException(ErrorCode.TOO_LARGE, "at most " + MAX_ENTRIES + " at once, not " + count);
        }
    }

    private static void checkBucket(int bucket) throws TractException {
        if (bucket < 0 || bucket >= TractLayout.BUCKETS) {
            throw new TractException(
                    ErrorCode.MALFORMED,
                    "bucket is 0 to " + (TractLayout.BUCKETS - 1) + ", not " + Integer.toUnsignedString(bucket));
        }
    }

    private void inspect(Exchange<InspectTractsRequest, InspectTractsResponse> exchange, ServedStore store)
            throws TractException {
        InspectTractsRequest request = exchange.message();
        InspectTractsResponse.Builder response = InspectTractsResponse.newBuilder();
        TractInventory inventory = store.tracts().inventory();
        long begun = clock.monotonicMs();
        for (TractKey key : request.getTractsList()) {
            response.addTracts(encode(inventory.inspect(tract(key), request.getVerify())));
            if (clock.monotonicMs() - begun > SLICE_MS) {
                break;
            }
        }
        exchange.reply(response.build());
    }

    private static InspectedTract encode(Optional<Inspected> found) {
        return found.map(inspected -> InspectedTract.newBuilder()
                        .setPresent(true)
                        .setEntry(TractEntries.encode(inspected.state()))
                        .setStored(inspected.stored())
                        .build())
                .orElseGet(InspectedTract::getDefaultInstance);
    }

    private void list(Exchange<ListTractsRequest, ListTractsResponse> exchange, ServedStore store)
            throws TractException {
        ListTractsRequest request = exchange.message();
        // Read before the names: what it covers has been removed when they are read.
        ListTractsResponse.Builder response =
                ListTractsResponse.newBuilder().setGarbageCursor(store.ledger().garbageCursor());
        int limit = Math.max(1, Math.min(request.getLimit(), MAX_ENTRIES));
        @Nullable TractId after = request.hasAfter() ? tract(request.getAfter()) : null;
        int end = Math.min(TractLayout.BUCKETS, request.getBucket() + MAX_BUCKETS);
        int bucket = request.getBucket();
        for (; bucket < end; bucket++, after = null) {
            if (after == null) {
                response.addAllStrays(store.tracts().inventory().strays(bucket));
            }
            for (TractId tract : store.tracts().inventory().names(bucket)) {
                if (after != null && tract.compareTo(after) <= 0) {
                    continue;
                }
                if (response.getTractsCount() == limit) {
                    exchange.reply(response.setBucket(bucket).setMore(true).build());
                    return;
                }
                response.addTracts(TractEntries.key(tract));
            }
        }
        exchange.reply(
                response.setBucket(bucket).setMore(bucket < TractLayout.BUCKETS).build());
    }

    private void repair(Exchange<RepairRequest, RepairResponse> exchange, ServedStore store) throws TractException {
        RepairRequest request = exchange.message();
        for (int row : new LinkedHashSet<>(request.getRowsList())) {
            if (row < 0 || row >= layout.rows()) {
                throw new TractException(ErrorCode.MALFORMED, "row is 0 to " + (layout.rows() - 1) + ", not " + row);
            }
            store.reconciler().heal(row);
        }
        int removed = request.getOrphansCount() == 0 ? 0 : remove(store, request.getOrphansList());
        removed += request.getBehindEndsCount() == 0 ? 0 : cutBehindEnds(store, request.getBehindEndsList());
        removed += store.tracts().inventory().removeStrays(request.getStraysList());
        LOG.info(
                "event=repair-ordered store={} rows={} removed={} by={}",
                store.ref(),
                request.getRowsCount(),
                removed,
                exchange.caller().effectiveUser());
        exchange.reply(RepairResponse.newBuilder().setRemoved(removed).build());
    }

    /**
     * Cuts tracts to nothing that are behind the ends of their blobs. The cut is under the generation that the closed file
     * has, so a later writer's bytes are refused to it; what remains fences an earlier one as before.
     */
    private int cutBehindEnds(ServedStore store, List<TractKey> keys) throws TractException {
        List<TractId> named = tracts(keys);
        GarbageLog log = leader(store);
        try {
            Map<BlobId, GarbageLog.End> ends =
                    log.ends(named.stream().map(TractId::blob).distinct().toList());
            int cut = 0;
            for (TractId tract : named) {
                GarbageLog.@Nullable End end = ends.get(tract.blob());
                if (end != null && tract.index() >= end.tracts()) {
                    cut += cut(store, tract, end.generation());
                }
            }
            return cut;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.SHUTTING_DOWN, "the server stops", e);
        }
    }

    /** On the thread that changes the tract; one that has a later writer by now, or is gone, stays as it is. */
    private static int cut(ServedStore store, TractId tract, Generation generation)
            throws TractException, InterruptedException {
        FutureTask<Integer> task = new FutureTask<>(() -> {
            if (store.tracts().state(tract).isEmpty()) {
                store.tracts().inventory().remove(List.of(tract));
            } else {
                TractState unused = store.tracts().cut(tract, generation, 0);
            }
            return 1;
        });
        try {
            store.threads().writer(tract).execute(task);
        } catch (RejectedExecutionException e) {
            throw new TractException(ErrorCode.BUSY, "too many writes wait for the store's disk", e);
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TractException known
                    && (known.code() == ErrorCode.GENERATION_FENCED || known.code() == ErrorCode.TRACT_NOT_FOUND)) {
                return 0;
            }
            throw e.getCause() instanceof TractException known
                    ? known
                    : new TractException(ErrorCode.INTERNAL, "Tract " + tract + " was not cut", e.getCause());
        }
    }

    private GarbageLog leader(ServedStore store) throws TractException {
        return leader.apply(store)
                .orElseThrow(() -> new TractException(ErrorCode.STARTING, "no leader is known to ask about blobs"));
    }

    private static List<TractId> tracts(List<TractKey> keys) throws TractException {
        List<TractId> named = new ArrayList<>();
        for (TractKey key : keys) {
            named.add(tract(key));
        }
        return named;
    }

    /** A store never decides alone that a blob is gone (P32). */
    private int remove(ServedStore store, List<TractKey> keys) throws TractException {
        List<TractId> named = tracts(keys);
        GarbageLog log = leader(store);
        try {
            Set<BlobId> dead = Set.copyOf(
                    log.unknown(named.stream().map(TractId::blob).distinct().toList()));
            List<TractId> orphans =
                    named.stream().filter(tract -> dead.contains(tract.blob())).toList();
            store.tracts().inventory().remove(orphans);
            return orphans.size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TractException(ErrorCode.SHUTTING_DOWN, "the server stops", e);
        }
    }

    private static TractId tract(TractKey key) throws TractException {
        if (key.getIndex() < 0) {
            throw new TractException(
                    ErrorCode.MALFORMED, "tract index is too large: " + Integer.toUnsignedString(key.getIndex()));
        }
        return new TractId(new BlobId(key.getBlob()), key.getIndex());
    }
}
