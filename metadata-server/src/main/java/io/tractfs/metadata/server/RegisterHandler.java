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
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tract server starts, or has found a new leader. What its stores have seen of the log must be in it (P29); then each
 * start is logged (P6), the server is told the layout and the history, and the loop hears of the stores. Thread-safe.
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

    private void check(Exchange<RegisterRequest, RegisterResponse> exchange, @Nullable LeaderView leader) {
        RegisterRequest request = exchange.message();
        List<Event.StoreRegistered> starts = new ArrayList<>();
        List<EpochRecord> history = parts.records().epochs();
        String domain = topology.domainOf(request.getHost(), request.getDomain());
        try {
            if (request.getStoresCount() > MAX_STORES) {
                throw new TractException(ErrorCode.TOO_LARGE, "A tract server has at most " + MAX_STORES + " stores");
            }
            if (leader == null && !parts.restore().takesClaims()) {
                parts.restore().report(request);
                exchange.fail(
                        new TractException(ErrorCode.STARTING, parts.restore().reason()));
                return;
            }
            for (RegisterStore store : request.getStoresList()) {
                requireSeen(store, history);
                starts.add(start(request, domain, store));
            }
        } catch (TractException e) {
            LOG.warn("event=register-refused server={} reason=\"{}\"", request.getServer(), e.getMessage());
            if (e.code() == ErrorCode.LINEAGE_MISMATCH) {
                LOG.error("event=stopped-for-operator reason=\"{}\"", e.getMessage());
                parts.gate().stopForOperator(String.valueOf(e.getMessage()));
                parts.loop().follow();
            }
            exchange.fail(e);
            return;
        }
        register(exchange, leader, starts, history);
    }

    /** The last point that the store saw has to be in the log of this server: otherwise this log is an old copy (P29). */
    private void requireSeen(RegisterStore store, List<EpochRecord> history) throws TractException {
        LogPoint seen = store.getLastSeen();
        if (seen.getEpoch() == 0) {
            return;
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
                    return;
                }
            }
        }
        throw new TractException(
                ErrorCode.LINEAGE_MISMATCH,
                "Store " + StoreCodec.decode(store.getRef()) + " has seen epoch " + seen.getEpoch() + " of lineage "
                        + lineage + " at index " + seen.getAppliedIndex()
                        + ", which is not in the log of this metadata server: its disk is an old or a foreign copy");
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
            List<Event.StoreRegistered> starts,
            List<EpochRecord> history) {
        List<CompletableFuture<Void>> logged = new ArrayList<>();
        for (Event.StoreRegistered start : starts) {
            StoreRef ref = start.info().ref();
            ClusterCommand command = new ClusterCommand.RegisterStore(
                    ref.store(),
                    ref.incarnation(),
                    start.info().server(),
                    exchange.message().getStores(logged.size()).getWriteSequence());
            logged.add(parts.log().submit(Call.ofSystem(command)).thenCompose(RegisterHandler::required));
        }
        CompletableFuture.allOf(logged.toArray(new CompletableFuture<?>[0])).whenComplete((done, error) -> {
            if (error != null) {
                exchange.fail(WriteHandlers.failure(error));
                return;
            }
            exchange.reply(response(exchange.message(), starts, history));
            for (Event.StoreRegistered start : starts) {
                LOG.info(
                        "event=store-registered store={} server={} address={}:{} domain={}",
                        start.info().ref(),
                        start.info().server(),
                        start.info().host(),
                        start.info().port(),
                        start.info().domain());
                if (leader == null) {
                    parts.restore()
                            .ask(
                                    start.info().ref(),
                                    new HostPort(
                                            start.info().host(), start.info().port()));
                } else {
                    parts.loop().answer(leader.epoch(), start);
                }
            }
        });
    }

    private static CompletableFuture<Void> required(Result result) {
        return result instanceof Result.Refused refused
                ? CompletableFuture.failedFuture(new TractException(refused.code(), refused.message()))
                : CompletableFuture.completedFuture(null);
    }

    private RegisterResponse response(
            RegisterRequest request, List<Event.StoreRegistered> starts, List<EpochRecord> history) {
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
        for (int i = 0; i < starts.size(); i++) {
            StoreRef store = starts.get(i).info().ref();
            @Nullable StoreRegistration registered = registry.get(store.store());
            if (registered != null) {
                parts.sequences().saw(store.store(), registered.writeSequence());
            }
            nameIfBehind(store, request.getStores(i).getWriteSequence(), response);
        }
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
