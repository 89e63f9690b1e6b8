package io.tractfs.metadata.server;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.recovery.TailSearch;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.CutTractRequest;
import io.tractfs.wire.proto.FenceTractRequest;
import io.tractfs.wire.proto.TailResponse;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls to all members of tracts' rows, under one image of the table. Thread-safe. */
final class FenceRound {
    private static final long CALL_MS = 2000;

    private final RpcClient client;
    private final LeaderView leader;
    private final Segment segment;
    private final Generation generation;

    FenceRound(RpcClient client, LeaderView leader, Segment segment, Generation generation) {
        this.client = client;
        this.leader = leader;
        this.segment = segment;
        this.generation = generation;
    }

    /**
     * Raises the generation of a tract on all members of its class. Fails unless all of them answer, under the version of
     * the table, and a holder is among them (B7).
     */
    CompletableFuture<List<TailSearch.Answer>> fence(TractId tract) {
        Row row = leader.table().image().rowOf(tract);
        if (row.isFrozen(row.classOf(segment.replication()))) {
            return CompletableFuture.failedFuture(new TractException(
                    ErrorCode.CLASS_FROZEN, "Row " + row.index() + " has no holder of tract " + tract));
        }
        List<CompletableFuture<TailSearch.Answer>> answers = callAll(
                row,
                Methods.FENCE_TRACT,
                member -> {
                    FenceTractRequest request = FenceTractRequest.newBuilder()
                            .setAddress(address(row, member, tract))
                            .setGeneration(generation.value())
                            .setReplication(segment.replication())
                            .setTractSize(segment.tractSize())
                            .build();
                    return request;
                },
                reply -> answer(row, reply));
        return allOf(answers)
                .thenCompose(all -> all.stream().anyMatch(TailSearch.Answer::holder)
                        ? CompletableFuture.completedFuture(all)
                        : CompletableFuture.failedFuture(new TractException(
                                ErrorCode.ROW_UNAVAILABLE, "Row " + row.index() + " has no holder of tract " + tract)));
    }

    /** Cuts a tract on all members of its class; a tract that is not there needs no cut. */
    CompletableFuture<Void> cut(TractId tract, int length) {
        Row row = leader.table().image().rowOf(tract);
        List<CompletableFuture<Boolean>> cuts = callAll(
                row,
                Methods.CUT_TRACT,
                member -> CutTractRequest.newBuilder()
                        .setAddress(address(row, member, tract))
                        .setGeneration(generation.value())
                        .setLength(length)
                        .build(),
                reply -> true);
        return allOf(cuts.stream()
                        .map(cut -> cut.exceptionallyCompose(FenceRound::unlessAbsent))
                        .toList())
                .thenApply(all -> null);
    }

    private static CompletableFuture<Boolean> unlessAbsent(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        boolean absent = (error instanceof TractException own && own.code() == ErrorCode.TRACT_NOT_FOUND)
                || (cause instanceof TractException known && known.code() == ErrorCode.TRACT_NOT_FOUND);
        return absent ? CompletableFuture.completedFuture(true) : CompletableFuture.failedFuture(error);
    }

    private <Q extends MessageLite, R extends MessageLite, A> List<CompletableFuture<A>> callAll(
            Row row, Method<Q, R> method, Function<Member, Q> request, Function<R, A> answer) {
        List<CompletableFuture<A>> answers = new ArrayList<>();
        int replicationClass = row.classOf(segment.replication());
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member == null || !row.keeps(column, replicationClass)) {
                continue;
            }
            @Nullable StoreInfo store = leader.store(member.ref());
            if (store == null) {
                answers.add(CompletableFuture.failedFuture(
                        new TractException(ErrorCode.UNKNOWN_STORE, "Store " + member.ref() + " is away")));
                continue;
            }
            answers.add(client.call(
                            new HostPort(store.host(), store.port()),
                            method,
                            request.apply(member),
                            Body.NONE,
                            CallOptions.timeout(CALL_MS))
                    .thenApply(reply -> take(reply, answer)));
        }
        return answers;
    }

    private static <R, A> A take(Reply<R> reply, Function<R, A> answer) {
        try (reply) {
            return answer.apply(reply.message());
        }
    }

    private static TailSearch.Answer answer(Row row, TailResponse tail) {
        if (tail.getVersion() != row.version().value()) {
            throw new java.util.concurrent.CompletionException(new TractException(
                    ErrorCode.STALE_VERSION, "Row " + row.index() + " is at another version than " + row.version()));
        }
        return new TailSearch.Answer(
                tail.getHolder(), tail.getLength(), tail.getDamaged(), tail.getAcknowledgedLength());
    }

    private TractAddress address(Row row, Member member, TractId tract) {
        return TractAddress.newBuilder()
                .setRef(StoreCodec.encode(member.ref()))
                .setRow(row.index())
                .setVersion(row.version().value())
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }

    private static <A> CompletableFuture<List<A>> allOf(List<CompletableFuture<A>> futures) {
        return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
