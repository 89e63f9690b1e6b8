package io.tractfs.metadata.server;

import com.google.protobuf.MessageLite;
import io.tractfs.error.TractException;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.CallFailure;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.ServerAddress;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.EmptyOrder;
import io.tractfs.wire.proto.GrantEpochRequest;
import io.tractfs.wire.proto.GrantEpochResponse;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.ProbeRequest;
import io.tractfs.wire.proto.ProbeResponse;
import io.tractfs.wire.proto.ProposalAnswer;
import io.tractfs.wire.proto.ProposeRequest;
import io.tractfs.wire.proto.ProposeResponse;
import io.tractfs.wire.proto.ProposedRow;
import io.tractfs.wire.proto.PublishRequest;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to stores: grants, proposals, publications, probes. Each ends in exactly one event to the loop. The core sends a
 * store one message at a time, of bounded size, so nothing queues up here. Thread-safe.
 */
final class StoreProxies {
    private static final Logger LOG = LoggerFactory.getLogger(StoreProxies.class);
    private static final int CLAIM_ROWS = 4096;
    /** So few at first: names are served once the majority has granted the epoch, and that is with the first page. */
    private static final int FIRST_CLAIM_ROWS = 64;

    /** Calls wait for so many death times; the core decides long before what their silence means. */
    private static final int PATIENCE = 5;

    private final RpcClient client;
    private final CommandLog log;
    private final ClusterRecords records;
    private final long deathMs;

    StoreProxies(RpcClient client, CommandLog log, ClusterRecords records, long deathMs) {
        this.client = client;
        this.log = log;
        this.records = records;
        this.deathMs = deathMs;
    }

    void send(Effect effect, LeaderView leader, AssignmentLoop loop) {
        Consumer<Event> answers = event -> loop.answer(leader.epoch(), event);
        if (effect instanceof Effect.SendGrant grant) {
            grant(grant, leader, answers);
        } else if (effect instanceof Effect.SendProposal proposal) {
            propose(proposal, leader, answers);
        } else if (effect instanceof Effect.SendPublish publish) {
            publish(publish, leader, answers);
        } else if (effect instanceof Effect.Probe probe) {
            probe(probe.server(), leader, answers);
        }
    }

    private void grant(Effect.SendGrant grant, LeaderView leader, Consumer<Event> answers) {
        GrantEpochRequest request = GrantEpochRequest.newBuilder()
                .setRef(StoreCodec.encode(grant.to()))
                .setLeader(LogPoint.newBuilder()
                        .setEpoch(leader.epoch().value())
                        .setLineage(IdCodec.encode(leader.lineage()))
                        .setAppliedIndex(records.appliedIndex()))
                .setFromRow(grant.fromRow())
                .setLimit(grant.fromRow() == 0 ? FIRST_CLAIM_ROWS : CLAIM_ROWS)
                .build();
        call(
                leader.store(grant.to()),
                Methods.GRANT_EPOCH,
                request,
                PATIENCE * deathMs,
                response -> answers.accept(granted(grant, response)),
                failure -> answers.accept(new Event.GrantFailed(grant.to(), grant.asking(), failure)));
    }

    private static Event granted(Effect.SendGrant grant, GrantEpochResponse response) throws TractException {
        List<Row> claims = new ArrayList<>(response.getClaimsCount());
        for (RowMessage claim : response.getClaimsList()) {
            claims.add(RowCodec.decode(claim));
        }
        return new Event.GrantAnswered(
                grant.to(), grant.asking(), claims, Set.copyOf(response.getUncleanRowsList()), response.getNextRow());
    }

    private void propose(Effect.SendProposal proposal, LeaderView leader, Consumer<Event> answers) {
        ProposeRequest.Builder request = ProposeRequest.newBuilder()
                .setRef(StoreCodec.encode(proposal.to()))
                .setEpoch(leader.epoch().value())
                .setLineage(IdCodec.encode(leader.lineage()));
        Set<StoreId> named = new HashSet<>();
        for (Effect.ProposedRow row : proposal.rows()) {
            request.addRows(ProposedRow.newBuilder()
                    .setRow(RowCodec.encode(row.row()))
                    .setFloor(row.floor().value())
                    .setReleased(row.released().bits()));
            addNamed(row.row(), named);
        }
        named.forEach(store -> addInfo(leader, store, request::addStores));
        Consumer<CallFailure> failed =
                failure -> answers.accept(new Event.SendFailed(proposal.to(), proposal.message(), failure));
        // A leader that was replaced and does not know it must not block rows that it cannot publish any more (P12).
        log.confirmLeadership().whenComplete((leads, error) -> {
            if (error != null) {
                LOG.info("event=proposal-not-sent to={} reason=\"{}\"", proposal.to(), message(error));
                failed.accept(CallFailure.NOT_READY);
                return;
            }
            call(
                    leader.store(proposal.to()),
                    Methods.PROPOSE,
                    request.build(),
                    PATIENCE * deathMs,
                    response -> answers.accept(
                            new Event.ProposalAnswered(proposal.to(), proposal.message(), results(response))),
                    failed);
        });
    }

    private static List<Event.ProposalResult> results(ProposeResponse response) throws TractException {
        List<Event.ProposalResult> results = new ArrayList<>(response.getAnswersCount());
        for (ProposalAnswer answer : response.getAnswersList()) {
            results.add(new Event.ProposalResult(
                    answer.getRow(),
                    answer.getAccepted(),
                    new io.tractfs.id.RowVersion(answer.getVersion()),
                    RowCodec.classes(answer.getHeld()),
                    answer.getUnclean()));
        }
        return results;
    }

    private void publish(Effect.SendPublish publish, LeaderView leader, Consumer<Event> answers) {
        PublishRequest.Builder request = PublishRequest.newBuilder()
                .setRef(StoreCodec.encode(publish.to()))
                .setEpoch(leader.epoch().value())
                .setLineage(IdCodec.encode(leader.lineage()));
        Set<StoreId> named = new HashSet<>();
        for (Row row : publish.rows()) {
            request.addRows(RowCodec.encode(row));
            addNamed(row, named);
        }
        named.forEach(store -> addInfo(leader, store, request::addStores));
        publish.empties()
                .forEach((row, version) ->
                        request.addEmpties(EmptyOrder.newBuilder().setRow(row).setVersion(version.value())));
        call(
                leader.store(publish.to()),
                Methods.PUBLISH,
                request.build(),
                PATIENCE * deathMs,
                response -> answers.accept(new Event.PublishAnswered(publish.to(), publish.message())),
                failure -> answers.accept(new Event.SendFailed(publish.to(), publish.message(), failure)));
    }

    private void probe(ServerAddress server, LeaderView leader, Consumer<Event> answers) {
        call(
                new HostPort(server.host(), server.port()),
                Methods.PROBE,
                ProbeRequest.newBuilder().setEpoch(leader.epoch().value()).build(),
                Math.max(1, deathMs / 2),
                response -> answers.accept(new Event.ProbeAnswered(server, served(response))),
                failure -> answers.accept(new Event.ProbeFailed(server, failure)));
    }

    private static List<StoreRef> served(ProbeResponse response) throws TractException {
        List<StoreRef> served = new ArrayList<>(response.getStoresCount());
        for (StoreRefMessage store : response.getStoresList()) {
            served.add(StoreCodec.decode(store));
        }
        return served;
    }

    private static void addNamed(Row row, Set<StoreId> named) {
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null) {
                named.add(member.ref().store());
            }
        }
    }

    private static void addInfo(LeaderView leader, StoreId store, Consumer<StoreInfoMessage> sink) {
        @Nullable StoreInfo info = leader.stores().get(store);
        if (info != null) {
            sink.accept(StoreCodec.encode(info));
        }
    }

    /** Takes an answer that may be malformed. */
    @FunctionalInterface
    private interface Answer<R> {
        void take(R response) throws TractException;
    }

    private <Q extends MessageLite, R extends MessageLite> void call(
            @Nullable StoreInfo store,
            Method<Q, R> method,
            Q request,
            long timeoutMs,
            Answer<R> answer,
            Consumer<CallFailure> failed) {
        if (store == null) {
            failed.accept(CallFailure.NOT_SERVED);
        } else {
            call(new HostPort(store.host(), store.port()), method, request, timeoutMs, answer, failed);
        }
    }

    private <Q extends MessageLite, R extends MessageLite> void call(
            HostPort to,
            Method<Q, R> method,
            Q request,
            long timeoutMs,
            Answer<R> answer,
            Consumer<CallFailure> failed) {
        client.call(to, method, request, Body.NONE, CallOptions.timeout(timeoutMs))
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        LOG.info(
                                "event=store-call-failed method={} to={} reason=\"{}\"",
                                method.name(),
                                to,
                                message(error));
                        failed.accept(failure(error));
                        return;
                    }
                    try (reply) {
                        answer.take(reply.message());
                    } catch (TractException e) {
                        LOG.warn(
                                "event=store-answer-malformed method={} to={} reason=\"{}\"",
                                method.name(),
                                to,
                                e.getMessage());
                        failed.accept(CallFailure.SILENT);
                    }
                });
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static String message(Throwable error) {
        return String.valueOf(cause(error).getMessage());
    }

    static CallFailure failure(Throwable error) {
        if (!(cause(error) instanceof TractException known)) {
            return CallFailure.SILENT;
        }
        return switch (known.code()) {
            case STALE_EPOCH, LINEAGE_MISMATCH -> CallFailure.FENCED;
            case UNKNOWN_STORE, STALE_INCARNATION, STORE_FAILED, STORE_FENCED -> CallFailure.NOT_SERVED;
            case STARTING, BUSY -> CallFailure.NOT_READY;
            case CONNECT_FAILED -> isRefused(known) ? CallFailure.REFUSED : CallFailure.SILENT;
            default -> CallFailure.SILENT;
        };
    }

    /** Nobody listens on the port; a connection that only took too long says less. */
    private static boolean isRefused(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    && !cause.getClass().getSimpleName().contains("Timeout")) {
                return true;
            }
        }
        return false;
    }
}
