package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.EpochRecord;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.StoreRegistration;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.BehindStore;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RefusedStore;
import io.tractfs.wire.proto.RegisterRequest;
import io.tractfs.wire.proto.RegisterResponse;
import io.tractfs.wire.proto.RegisterStore;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tract server starts, or has found a new leader. What its stores have seen of the log must be in it (P29); then each
 * start is logged (P6), the server is told the layout and the history, and the loop hears of the stores. A store that can have
 * no part in the cluster is refused alone, others of its server have theirs. Thread-safe.
 */
final class RegisterHandler implements RequestHandler<RegisterRequest, RegisterResponse> {
    /** Most stores of one tract server. */
    static final int MAX_STORES = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RegisterHandler.class);

    private final ServerParts parts;
    private final Topology topology;

    RegisterHandler(ServerParts parts, Topology topology) {
        this.parts = parts;
        this.topology = topology;
    }

    @Override
    public void handle(Exchange<RegisterRequest, RegisterResponse> exchange) {
        exchange.body().release();
        Optional<TractException> stopped = parts.gate().stopped();
        if (stopped.isPresent()) {
            exchange.fail(stopped.get()); // The loop may have yet to hear of it.
            return;
        }
        @Nullable LeaderView leader = parts.view();
        if (leader == null && !parts.restore().isOpen()) {
            exchange.fail(parts.notLeading());
            return;
        }
        // A leader that does not know yet that it was deposed lacks epochs which stores know: it is none, not an old
        // copy.
        parts.log().confirmLeadership().whenComplete((confirmed, error) -> {
            if (error != null) {
                exchange.fail(parts.notLeading());
                return;
            }
            try {
                parts.reads().executor().execute(() -> check(exchange, leader));
            } catch (RejectedExecutionException e) {
                exchange.fail(new TractException(ErrorCode.BUSY, "Too many reads wait", e));
            }
        });
    }

    /** A store that is to be registered, and what it says of itself. Immutable. */
    private record Start(Event.StoreRegistered event, RegisterStore message) {
        StoreRef ref() {
            return event.info().ref();
        }
    }

    private void check(Exchange<RegisterRequest, RegisterResponse> exchange, @Nullable LeaderView leader) {
        RegisterRequest request = exchange.message();
        List<Start> starts = new ArrayList<>();
        Map<StoreId, String> refused = new ConcurrentHashMap<>();
        List<EpochRecord> history = parts.records().epochs();
        String domain = topology.domainOf(request.getHost(), request.getDomain());
        try {
            if (request.getStoresCount() > MAX_STORES) {
                throw new TractException(ErrorCode.TOO_LARGE, "A tract server has at most " + MAX_STORES + " stores");
            }
            if (leader == null && !parts.restore().takesClaims()) {
                parts.restore().report(request);
                throw new TractException(ErrorCode.STARTING, parts.restore().reason());
            }
            for (RegisterStore store : request.getStoresList()) {
                Optional<TractException> unseen = unseen(store, history);
                if (unseen.isEmpty()) {
                    starts.add(new Start(start(request, domain, store), store));
                } else if (leader == null
                        && !parts.restore()
                                .isExcused(StoreCodec.decode(store.getRef()).store())) {
                    parts.restore().late(request);
                    throw new TractException(ErrorCode.STARTING, parts.restore().reason());
                } else if (store.getLastSeen().getEpoch()
                        < parts.records().endedBefore().value()) {
                    refused.put(StoreCodec.decode(store.getRef()).store(), undone(unseen.get()));
                } else {
                    throw unseen.get();
                }
            }
        } catch (TractException e) {
            refuse(exchange, e);
            return;
        }
        register(exchange, leader, starts, refused, history);
    }

    private static String undone(TractException unseen) {
        return unseen.getMessage()
                + "; a restore from a copy has undone it. What the store holds beyond that is not the"
                + " cluster's any more: format its directory anew";
    }

    private void refuse(Exchange<RegisterRequest, RegisterResponse> exchange, TractException e) {
        if (e.code() != ErrorCode.STARTING) {
            LOG.warn(
                    "event=register-refused server={} reason=\"{}\"",
                    exchange.message().getServer(),
                    e.getMessage());
        }
        if (e.code() == ErrorCode.LINEAGE_MISMATCH) {
            LOG.error("event=stopped-for-operator reason=\"{}\"", e.getMessage());
            parts.gate().stopForOperator(String.valueOf(e.getMessage()));
            parts.loop().follow();
        }
        exchange.fail(e);
    }

    /** The last point that the store saw has to be in the log of this server: otherwise this log is an old copy (P29). */
    private Optional<TractException> unseen(RegisterStore store, List<EpochRecord> history) throws TractException {
        LogPoint seen = store.getLastSeen();
        if (seen.getEpoch() == 0) {
            return Optional.empty();
        }
        Lineage lineage = IdCodec.lineage(seen.getLineage());
        for (int i = 0; i < history.size(); i++) {
            EpochRecord epoch = history.get(i);
            if (epoch.epoch().equals(new Epoch(seen.getEpoch()))
                    && epoch.lineage().equals(lineage)) {
                boolean last = i + 1 == history.size();
                long end = last
                        ? parts.records().appliedIndex()
                        : history.get(i + 1).index();
                if (Long.compareUnsigned(seen.getAppliedIndex(), end) <= 0) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new TractException(
                ErrorCode.LINEAGE_MISMATCH,
                "Store " + StoreCodec.decode(store.getRef()) + " has seen epoch " + seen.getEpoch() + " of lineage "
                        + lineage + " at index " + seen.getAppliedIndex()
                        + ", which is not in the log of this metadata server: its disk is an old or a foreign copy"));
    }

    private Event.StoreRegistered start(RegisterRequest request, String domain, RegisterStore store)
            throws TractException {
        StoreRef ref = StoreCodec.decode(store.getRef());
        StoreInfo info = new StoreInfo(ref, request.getServer(), request.getHost(), request.getPort(), domain);
        StoreSpace space = new StoreSpace(
                store.getCapacity(), Math.max(0, store.getCapacity() - store.getFree()), store.getFree(), 0);
        parts.garbage().report(ref.store(), store.getGarbageCursor());
        return new Event.StoreRegistered(info, space);
    }

    private void register(
            Exchange<RegisterRequest, RegisterResponse> exchange,
            @Nullable LeaderView leader,
            List<Start> starts,
            Map<StoreId, String> refused,
            List<EpochRecord> history) {
        List<CompletableFuture<Void>> logged = new ArrayList<>();
        for (Start start : starts) {
            ClusterCommand command = new ClusterCommand.RegisterStore(
                    start.ref().store(),
                    start.ref().incarnation(),
                    start.event().info().server(),
                    start.message().getWriteSequence());
            logged.add(parts.log().submit(Call.ofSystem(command)).thenCompose(result -> taken(start, result, refused)));
        }
        CompletableFuture.allOf(logged.toArray(new CompletableFuture<?>[0])).whenComplete((done, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
                return;
            }
            List<Start> registered = starts.stream()
                    .filter(start -> !refused.containsKey(start.ref().store()))
                    .toList();
            exchange.reply(response(registered, refused, history));
            registered.forEach(start -> announce(start, leader));
        });
    }

    /** One whose start is older than the registered one is refused alone: no later call of it can be taken (P6). */
    private static CompletableFuture<Void> taken(Start start, Result result, Map<StoreId, String> refused) {
        if (result instanceof Result.Refused refusal && refusal.code() == ErrorCode.STALE_INCARNATION) {
            refused.put(
                    start.ref().store(),
                    refusal.message()
                            + ". Only one server may have the store: stop the one that is not to have it, then start the"
                            + " other again; if there is no other, start this one again");
            return CompletableFuture.completedFuture(null);
        }
        return required(result);
    }

    private void announce(Start start, @Nullable LeaderView leader) {
        StoreInfo info = start.event().info();
        LOG.info(
                "event=store-registered store={} server={} address={}:{} domain={}",
                info.ref(),
                info.server(),
                info.host(),
                info.port(),
                info.domain());
        if (leader == null) {
            parts.restore().ask(info.ref(), new HostPort(info.host(), info.port()));
        } else {
            parts.loop().answer(leader.epoch(), start.event());
        }
    }

    private static CompletableFuture<Void> required(Result result) {
        return result instanceof Result.Refused refused
                ? CompletableFuture.failedFuture(new TractException(refused.code(), refused.message()))
                : CompletableFuture.completedFuture(null);
    }

    private RegisterResponse response(List<Start> starts, Map<StoreId, String> refused, List<EpochRecord> history) {
        ClusterLayout layout = parts.layout();
        RegisterResponse.Builder response = RegisterResponse.newBuilder()
                .setClusterId(IdCodec.encode(layout.cluster()))
                .setRowCount(layout.rows())
                .setColumnCount(layout.columns())
                .setHeartbeatMs((int) parts.config().timing().heartbeat().toMillis())
                .setGarbageHead(parts.records().garbageHead())
                .setGarbageStart(parts.records().garbageStart());
        for (int i = 0; i < history.size(); i++) {
            EpochRecord epoch = history.get(i);
            boolean last = i + 1 == history.size();
            response.addHistory(LogPoint.newBuilder()
                    .setEpoch(epoch.epoch().value())
                    .setLineage(IdCodec.encode(epoch.lineage()))
                    .setAppliedIndex(
                            last
                                    ? parts.records().appliedIndex()
                                    : history.get(i + 1).index()));
        }
        Map<StoreId, StoreRegistration> registry = parts.records().stores();
        for (Start start : starts) {
            @Nullable StoreRegistration registered = registry.get(start.ref().store());
            if (registered != null) {
                parts.sequences().saw(start.ref().store(), registered.writeSequence());
            }
            nameIfBehind(start.ref(), start.message().getWriteSequence(), response);
        }
        refused.forEach((store, reason) -> {
            LOG.warn("event=store-refused store={} reason=\"{}\"", store, reason);
            @Nullable StoreRegistration registered = registry.get(store);
            response.addRefused(RefusedStore.newBuilder()
                    .setStore(IdCodec.encode(store))
                    .setReason(reason)
                    .setIncarnation(
                            registered == null ? 0 : registered.incarnation().value()));
        });
        return response.build();
    }

    /** A store that has written less than it said before is an old copy of itself, and has to know it (P7). */
    private void nameIfBehind(StoreRef store, long sequence, RegisterResponse.Builder response) {
        parts.sequences().lostBy(store.store(), sequence).ifPresent(seen -> {
            LOG.error(
                    "event=store-lost-writes store={} sequence={} seen={} reason=\"its disk is an old copy; it recovers"
                            + " from other stores\"",
                    store,
                    sequence,
                    seen);
            response.addBehind(BehindStore.newBuilder()
                    .setStore(IdCodec.encode(store.store()))
                    .setWriteSequence(seen));
        });
    }
}
