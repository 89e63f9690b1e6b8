package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.GrantEpochRequest;
import io.tractfs.wire.proto.GrantEpochResponse;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RegisterRequest;
import io.tractfs.wire.proto.RegisterStore;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stores say while a restored namespace becomes the cluster's again (P30): first what each of them has seen, which the new
 * epoch has to be above, then, under that epoch, what each claims, which the floors have to be at. Thread-safe.
 */
final class RestoreSession {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreSession.class);
    private static final int CLAIM_ROWS = 4096;
    private static final long CALL_MS = 10_000;
    private static final long AGAIN_MS = 300;

    private final RpcClient client;
    private final Executor later;
    private final Map<StoreId, RegisterStore> reports = new HashMap<>();
    private final Map<StoreId, String> required = new HashMap<>();
    private final Map<StoreId, StoreRef> asked = new HashMap<>();
    private final Set<StoreId> claimed = new HashSet<>();
    private final Map<StoreId, String> late = new HashMap<>();
    private Predicate<StoreId> excused = store -> false;
    private RestoredFloors floors = new RestoredFloors();
    /** The floors once they are complete. */
    private @Nullable RestoredFloors handedOver;

    private @Nullable CompletableFuture<Seen> reported;
    private @Nullable CompletableFuture<RestoredFloors> allClaimed;
    private @Nullable LogPoint point;

    /** What all stores have seen. Immutable. */
    record Seen(List<ClusterCommand.SeenEpoch> epochs, long index, long garbage) {}

    RestoreSession(RpcClient client) {
        this(client, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS));
    }

    /**
     * A session that is not open.
     *
     * @param later does things after a short while
     */
    RestoreSession(RpcClient client, Executor later) {
        this.client = client;
        this.later = later;
    }

    /**
     * Begins to wait for reports.
     *
     * @param stores that have to report, with the names of their servers
     * @param gone stores that nobody waits for
     */
    synchronized CompletableFuture<Seen> open(Map<StoreId, String> stores, Predicate<StoreId> gone) {
        close();
        excused = gone;
        late.forEach((store, server) -> {
            if (!gone.test(store)) {
                required.put(store, server);
            }
        });
        required.putAll(stores);
        CompletableFuture<Seen> all = new CompletableFuture<>();
        reported = all;
        completeIfReported();
        return all;
    }

    /** Begins to ask for claims under an epoch, which every store that reported has to grant. */
    synchronized CompletableFuture<RestoredFloors> claims(Epoch epoch, Lineage lineage, long index) {
        if (reported == null) {
            return CompletableFuture.failedFuture(
                    new TractException(ErrorCode.NOT_LEADER, "The leadership that restored ended meanwhile"));
        }
        floors = new RestoredFloors();
        handedOver = null;
        CompletableFuture<RestoredFloors> all = new CompletableFuture<>();
        allClaimed = all;
        point = LogPoint.newBuilder()
                .setEpoch(epoch.value())
                .setLineage(IdCodec.encode(lineage))
                .setAppliedIndex(index)
                .build();
        completeIfClaimed();
        return all;
    }

    /** Over, or given up. */
    synchronized void close() {
        reports.clear();
        required.clear();
        asked.clear();
        claimed.clear();
        reported = null;
        allClaimed = null;
        point = null;
    }

    /** Over: the namespace is the cluster's again. */
    synchronized void end() {
        close();
        late.clear();
    }

    /** Whether stores that register are to be told to wait, or asked for claims. */
    synchronized boolean isOpen() {
        return reported != null;
    }

    /** Whether stores that register are answered, and asked for claims. */
    synchronized boolean takesClaims() {
        return point != null;
    }

    /** What is waited for. */
    synchronized String reason() {
        Set<String> missing = new TreeSet<>();
        required.forEach((store, server) -> {
            boolean there = point == null ? reports.containsKey(store) : claimed.contains(store);
            if (!there) {
                missing.add(server);
            }
        });
        return "The namespace was restored from a copy. It waits for all tract servers that the copy, or what stores"
                + " claim, names; missing: " + missing
                + ". One that will not come back is named by --without, also a store by its id, when the copy is restored";
    }

    /** A tract server says what its stores have seen. */
    synchronized void report(RegisterRequest request) throws TractException {
        for (RegisterStore store : request.getStoresList()) {
            StoreId id = StoreCodec.decode(store.getRef()).store();
            reports.put(id, store);
            required.put(id, request.getServer());
        }
        completeIfReported();
    }

    /**
     * A tract server comes only now, with stores that have seen what the new epoch has to be above, and may have newer rows than
     * all others: everybody is heard anew.
     */
    synchronized void late(RegisterRequest request) throws TractException {
        for (RegisterStore store : request.getStoresList()) {
            late.put(StoreCodec.decode(store.getRef()).store(), request.getServer());
        }
        if (allClaimed != null) {
            allClaimed.completeExceptionally(
                    new TractException(ErrorCode.STARTING, request.getServer() + " reported late: all are heard anew"));
        }
    }

    /** Whether nobody waits for a store: an operator has given it up. */
    synchronized boolean isExcused(StoreId store) {
        return excused.test(store);
    }

    private void completeIfReported() {
        CompletableFuture<Seen> all = reported;
        if (all != null && !all.isDone() && reports.keySet().containsAll(required.keySet())) {
            later.execute(() -> complete(all));
        }
    }

    /** With what came in the meantime too. */
    private void complete(CompletableFuture<Seen> all) {
        try {
            all.complete(seen());
        } catch (TractException e) {
            all.completeExceptionally(e);
        }
    }

    private synchronized Seen seen() throws TractException {
        Set<ClusterCommand.SeenEpoch> epochs = new HashSet<>();
        long index = 0;
        long garbage = 0;
        for (RegisterStore store : reports.values()) {
            LogPoint seen = store.getLastSeen();
            if (seen.getEpoch() != 0) {
                epochs.add(
                        new ClusterCommand.SeenEpoch(new Epoch(seen.getEpoch()), IdCodec.lineage(seen.getLineage())));
            }
            index = Math.max(index, seen.getAppliedIndex());
            garbage = Math.max(garbage, store.getGarbageCursor());
        }
        return new Seen(List.copyOf(epochs), index, garbage);
    }

    /** A store has registered under the new epoch. */
    synchronized void ask(StoreRef store, HostPort server) {
        if (point != null && !store.equals(asked.put(store.store(), store))) {
            ask(store, server, 0, point);
        }
    }

    /** Nothing is asked any more once another leadership has begun. */
    private synchronized void ask(StoreRef store, HostPort server, int fromRow, LogPoint leader) {
        if (!leader.equals(point) || !store.equals(asked.get(store.store()))) {
            return;
        }
        GrantEpochRequest request = GrantEpochRequest.newBuilder()
                .setRef(StoreCodec.encode(store))
                .setLeader(leader)
                .setFromRow(fromRow)
                .setLimit(CLAIM_ROWS)
                .build();
        client.call(server, Methods.GRANT_EPOCH, request, Body.NONE, CallOptions.timeout(CALL_MS))
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        LOG.info("event=claims-not-given store={} reason=\"{}\"", store, error.toString());
                        later.execute(() -> ask(store, server, fromRow, leader));
                        return;
                    }
                    try (reply) {
                        take(store, server, reply.message(), leader);
                    } catch (TractException e) {
                        LOG.warn("event=claims-refused store={} reason=\"{}\"", store, e.getMessage());
                        later.execute(() -> ask(store, server, fromRow, leader));
                    }
                });
    }

    private synchronized void take(StoreRef store, HostPort server, GrantEpochResponse response, LogPoint leader)
            throws TractException {
        if (!leader.equals(point) || !store.equals(asked.get(store.store()))) {
            return;
        }
        for (RowMessage message : response.getClaimsList()) {
            floors.add(store.store(), RowCodec.decode(message));
        }
        if (response.getNextRow() != 0) {
            ask(store, server, response.getNextRow(), leader);
            return;
        }
        claimed.add(store.store());
        floors.claimed(store.store());
        completeIfClaimed();
    }

    /** Stores of which only claims say that they are members have to come too: the copy is older than they are. */
    private void completeIfClaimed() {
        CompletableFuture<RestoredFloors> all = allClaimed;
        if (all == null || !claimed.containsAll(required.keySet())) {
            return;
        }
        for (StoreId named : floors.missing()) {
            if (!excused.test(named)) {
                required.putIfAbsent(named, "store " + named);
            }
        }
        if (claimed.containsAll(required.keySet())) {
            all.completeAsync(this::handOver, later);
        }
    }

    /** What comes later changes nothing that was handed over. */
    private synchronized RestoredFloors handOver() {
        @Nullable RestoredFloors complete = handedOver;
        if (complete == null) {
            complete = floors;
            handedOver = complete;
            floors = new RestoredFloors();
        }
        return complete;
    }
}
