package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.table.ClassSet;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.gate.Admission;
import io.tractfs.tract.gate.Need;
import io.tractfs.tract.reconcile.ReconcilePlan;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractState;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.ReplicateTractRequest;
import io.tractfs.wire.proto.ReplicateTractResponse;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the leader's steps of a change of replication (P33): a member makes sure that it holds a tract, brings it
 * from another member if it does not, and stamps it, or drops a surplus copy. A step counts under one version of the row: it
 * ends inside an admission of the version gate, so that whoever lists the row under a later version sees it. Thread-safe.
 */
final class ReplicationHandler {
    private final Stores stores;
    private final Layout layout;
    private final Calls calls;

    ReplicationHandler(Stores stores, Layout layout, Calls calls) {
        this.stores = stores;
        this.layout = layout;
        this.calls = calls;
    }

    /** Registers the method. */
    void register(RpcServer.Builder server) {
        server.on(Methods.REPLICATE_TRACT, this::take);
    }

    private void take(Exchange<ReplicateTractRequest, ReplicateTractResponse> exchange) {
        exchange.body().release();
        ReplicateTractRequest request = exchange.message();
        try {
            TractTarget target = TractTarget.of(request.getAddress(), stores, layout);
            ReplicationChange step = TractEntries.change(request.getNumber(), request.getOtherReplication());
            if (request.getReplication() < 1
                    || request.getReplication() > WriteChecks.MAX_REPLICATION
                    || request.getLength() < 0
                    || request.getLength() > WriteChecks.MAX_TRACT_SIZE
                    || request.getEpoch() < 0) {
                throw new TractException(ErrorCode.MALFORMED, "a step of a change of replication is out of range");
            }
            Lineage lineage = IdCodec.lineage(request.getLineage());
            Executor writer = target.store().threads().writer(target.tract());
            target.store()
                    .control()
                    .check(new Epoch(request.getEpoch()), lineage)
                    .thenRunAsync(
                            () -> answer(exchange, () -> {
                                if (request.getTrim()) {
                                    trim(exchange, target, step);
                                } else if (!hold(exchange, target, step)) {
                                    fetch(exchange, target, step, writer);
                                }
                            }),
                            writer)
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            calls.fail(exchange, Failures.of(failure));
                        }
                    });
        } catch (TractException e) {
            calls.fail(exchange, e);
        } catch (RejectedExecutionException e) {
            calls.fail(exchange, new TractException(ErrorCode.BUSY, "the store's queue is full", e));
        }
    }

    private interface Work {
        void run() throws TractException;
    }

    private void answer(Exchange<?, ?> exchange, Work work) {
        try {
            work.run();
        } catch (TractException e) {
            calls.fail(exchange, e);
        }
    }

    private static void trim(
            Exchange<ReplicateTractRequest, ReplicateTractResponse> exchange,
            TractTarget target,
            ReplicationChange step)
            throws TractException {
        Admission admission = target.admit(Need.WRITE, 0);
        try {
            @Nullable HeldRow held = target.gate().held();
            int column =
                    held == null ? -1 : held.row().columnOf(target.store().ref().store());
            if (held == null || column < held.row().classOf(exchange.message().getReplication())) {
                throw new TractException(
                        ErrorCode.INVALID_ARGUMENT,
                        "tract " + target.tract() + " belongs to column " + column + " of row " + target.row()
                                + " and is not dropped from there");
            }
            target.store().tracts().trim(target.tract(), step.number());
            exchange.reply(ReplicateTractResponse.getDefaultInstance());
        } finally {
            admission.close();
        }
    }

    /** Stamps the tract if it is here whole; false if it has to be brought first. */
    private static boolean hold(
            Exchange<ReplicateTractRequest, ReplicateTractResponse> exchange,
            TractTarget target,
            ReplicationChange step)
            throws TractException {
        ReplicateTractRequest request = exchange.message();
        Admission admission = target.admit(Need.WRITE, 0);
        try {
            ClassSet classes = RowCodec.classes(request.getClasses());
            @Nullable HeldRow held = target.gate().held();
            if (held == null || !held.held().containsAll(classes)) {
                throw new TractException(
                        ErrorCode.RECOVERING,
                        "store " + target.store().ref() + " does not hold classes " + classes + " of row "
                                + target.row() + " whole yet");
            }
            Optional<TractState> state = target.store().tracts().state(target.tract());
            if (state.isEmpty() || !isWhole(state.get(), request.getLength())) {
                return false;
            }
            target.store().tracts().replicate(target.tract(), request.getReplication(), step);
            exchange.reply(ReplicateTractResponse.getDefaultInstance());
            return true;
        } finally {
            admission.close();
        }
    }

    private static boolean isWhole(TractState state, int length) {
        return state.length() >= length && state.damaged().stream().noneMatch(bad -> bad.from() < length);
    }

    private void fetch(
            Exchange<ReplicateTractRequest, ReplicateTractResponse> exchange,
            TractTarget target,
            ReplicationChange step,
            Executor writer)
            throws TractException {
        @Nullable HeldRow held = target.gate().held();
        Optional<ReconcilePlan> plan = held == null
                ? Optional.empty()
                : ReconcilePlan.forTract(
                        held,
                        target.store().ref(),
                        target.tract(),
                        RowCodec.classes(exchange.message().getSourceClasses()));
        if (plan.isEmpty()) {
            throw missing(target, "no other member holds its class");
        }
        target.store()
                .reconciler()
                .fetch(plan.get())
                .thenRunAsync(
                        () -> answer(exchange, () -> {
                            if (!hold(exchange, target, step)) {
                                throw missing(target, "no other member has all of it");
                            }
                        }),
                        writer)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        calls.fail(exchange, Failures.of(failure));
                    }
                });
    }

    private static TractException missing(TractTarget target, String why) {
        return new TractException(
                ErrorCode.TRACT_NOT_FOUND,
                "store " + target.store().ref() + " has not got tract " + target.tract() + " of row " + target.row()
                        + " whole, and " + why);
    }
}
