package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;
import io.tractfs.tract.gate.ClaimsPage;
import io.tractfs.tract.gate.EmptyOrder;
import io.tractfs.tract.gate.ProposalVerdict;
import io.tractfs.tract.gate.ProposedRow;
import io.tractfs.tract.gate.Published;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.EmptyOrderOrBuilder;
import io.tractfs.wire.proto.GrantEpochRequest;
import io.tractfs.wire.proto.GrantEpochResponse;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.ProbeRequest;
import io.tractfs.wire.proto.ProbeResponse;
import io.tractfs.wire.proto.ProposalAnswer;
import io.tractfs.wire.proto.ProposeRequest;
import io.tractfs.wire.proto.ProposeResponse;
import io.tractfs.wire.proto.PublishRequest;
import io.tractfs.wire.proto.PublishResponse;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the leader's orders, on the stores' control loops. Thread-safe. */
final class ControlHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(ControlHandlers.class);
    private static final int MAX_CLAIMS = 4096;

    private final Stores stores;
    private final Peers peers;
    private final Calls calls;
    private final Runnable registerAgain;
    private final Consumer<Report> report;

    /**
     * Handlers.
     *
     * @param registerAgain asks for a new registration: a leader has an epoch that was not shown
     * @param report told of states that the leader has yet to hear of
     */
    ControlHandlers(Stores stores, Peers peers, Calls calls, Runnable registerAgain, Consumer<Report> report) {
        this.stores = stores;
        this.peers = peers;
        this.calls = calls;
        this.registerAgain = registerAgain;
        this.report = report;
    }

    /**
     * A state to report.
     *
     * @param store of which store
     * @param row which row
     */
    record Report(ServedStore store, HeldRow row) {}

    /** Registers the methods. */
    void register(RpcServer.Builder server) {
        server.on(Methods.GRANT_EPOCH, exchange -> serve(exchange, this::grant));
        server.on(Methods.PROPOSE, exchange -> serve(exchange, this::propose));
        server.on(Methods.PUBLISH, exchange -> serve(exchange, this::publish));
        server.on(Methods.PROBE, this::probe);
    }

    private <Q, R> void serve(Exchange<Q, R> exchange, Handler<Q, R> handler) {
        exchange.body().release();
        CompletableFuture<R> answer;
        try {
            answer = handler.handle(exchange.message());
        } catch (TractException e) {
            calls.fail(exchange, e);
            return;
        }
        answer.whenComplete((response, failure) -> {
            if (failure == null) {
                exchange.reply(response);
            } else {
                calls.fail(exchange, Failures.of(failure));
            }
        });
    }

    private CompletableFuture<GrantEpochResponse> grant(GrantEpochRequest request) throws TractException {
        ServedStore store = stores.of(request.getRef());
        LeaderPoint leader = point(request.getLeader());
        int limit = Math.max(1, Math.min(request.getLimit(), MAX_CLAIMS));
        return store.control()
                .grant(leader, request.getFromRow(), limit)
                .whenComplete((page, failure) -> {
                    if (failure != null && Failures.of(failure).code() == ErrorCode.STARTING) {
                        registerAgain.run();
                    } else if (failure == null && request.getFromRow() == 0) {
                        LOG.info(
                                "event=epoch-granted store={} epoch={} lineage={}",
                                store.ref(),
                                leader.epoch(),
                                leader.lineage());
                    }
                })
                .thenApply(ControlHandlers::encode);
    }

    private CompletableFuture<ProposeResponse> propose(ProposeRequest request) throws TractException {
        ServedStore store = stores.of(request.getRef());
        peers.learn(request.getStoresList());
        List<ProposedRow> proposed = new ArrayList<>(request.getRowsCount());
        for (var row : request.getRowsList()) {
            proposed.add(new ProposedRow(
                    RowCodec.decode(row.getRow()),
                    new RowVersion(row.getFloor()),
                    RowCodec.classes(row.getReleased())));
        }
        return store.control()
                .propose(epoch(request.getEpoch()), IdCodec.lineage(request.getLineage()), proposed)
                .thenApply(verdicts -> {
                    supersede(store, verdicts);
                    return encode(verdicts);
                });
    }

    private static void supersede(ServedStore store, List<ProposalVerdict> verdicts) {
        List<HeldRow> accepted = new ArrayList<>();
        for (ProposalVerdict verdict : verdicts) {
            HeldRow held = store.admissions().of(verdict.row()).held();
            // A proposal that is repeated after the publication changes nothing.
            if (verdict.accepted() && held != null && !held.published()) {
                accepted.add(held);
            }
        }
        store.reconciler().superseded(accepted);
        LOG.info("event=rows-accepted store={} accepted={} of={}", store.ref(), accepted.size(), verdicts.size());
    }

    private CompletableFuture<PublishResponse> publish(PublishRequest request) throws TractException {
        ServedStore store = stores.of(request.getRef());
        peers.learn(request.getStoresList());
        List<Row> rows = new ArrayList<>(request.getRowsCount());
        for (RowMessage row : request.getRowsList()) {
            rows.add(RowCodec.decode(row));
        }
        List<EmptyOrder> empties = new ArrayList<>(request.getEmptiesCount());
        for (EmptyOrderOrBuilder order : request.getEmptiesList()) {
            empties.add(new EmptyOrder(order.getRow(), new RowVersion(order.getVersion())));
        }
        return store.control()
                .publish(epoch(request.getEpoch()), IdCodec.lineage(request.getLineage()), rows, empties)
                .thenApply(published -> {
                    follow(store, published);
                    return PublishResponse.getDefaultInstance();
                });
    }

    private void follow(ServedStore store, Published published) {
        store.reconciler().superseded(published.emptied());
        store.reconciler().offer(published.reconcile());
        store.reconciler().merge(published.merge());
        published.report().forEach(row -> report.accept(new Report(store, row)));
        store.emptier().empty(published.emptied());
    }

    private void probe(Exchange<ProbeRequest, ProbeResponse> exchange) {
        exchange.body().release();
        ProbeResponse.Builder response = ProbeResponse.newBuilder();
        for (ServedStore store : stores.all()) {
            if (store.tracts().failure().isEmpty()) {
                response.addStores(StoreCodec.encode(store.ref()));
            }
        }
        exchange.reply(response.build());
    }

    /** Reads a point of the metadata log. */
    static LeaderPoint point(LogPoint point) throws TractException {
        return new LeaderPoint(epoch(point.getEpoch()), IdCodec.lineage(point.getLineage()), point.getAppliedIndex());
    }

    private static Epoch epoch(int value) throws TractException {
        if (value < 0) {
            throw new TractException(ErrorCode.MALFORMED, "epoch is too large: " + Integer.toUnsignedString(value));
        }
        return new Epoch(value);
    }

    private static GrantEpochResponse encode(ClaimsPage page) {
        GrantEpochResponse.Builder response =
                GrantEpochResponse.newBuilder().setNextRow(page.nextRow()).addAllUncleanRows(page.unclean());
        page.rows().forEach(row -> response.addClaims(RowCodec.encode(row)));
        return response.build();
    }

    private static ProposeResponse encode(List<ProposalVerdict> verdicts) {
        ProposeResponse.Builder response = ProposeResponse.newBuilder();
        for (ProposalVerdict verdict : verdicts) {
            response.addAnswers(ProposalAnswer.newBuilder()
                    .setRow(verdict.row())
                    .setAccepted(verdict.accepted())
                    .setVersion(verdict.version().value())
                    .setHeld(verdict.held().bits())
                    .setUnclean(verdict.unclean()));
        }
        return response.build();
    }

    private interface Handler<Q, R> {
        CompletableFuture<R> handle(Q request) throws TractException;
    }
}
