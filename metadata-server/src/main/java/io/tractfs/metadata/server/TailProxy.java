package io.tractfs.metadata.server;

import com.google.protobuf.MessageLite;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fences and cuts tracts at their members, for one writer recovery. Thread-safe. */
final class TailProxy implements FenceRound.MemberCalls {
    private static final long CALL_MS = 2000;

    private final RpcClient client;
    private final LeaderView leader;
    private final Segment segment;
    private final Generation generation;

    TailProxy(RpcClient client, LeaderView leader, Segment segment, Generation generation) {
        this.client = client;
        this.leader = leader;
        this.segment = segment;
        this.generation = generation;
    }

    /** The members of a segment's rows as the leader's table names them now; null without a leadership. */
    static @Nullable TailMembers members(
            RpcClient client, @Nullable LeaderView leader, Segment segment, Generation generation) {
        return leader == null
                ? null
                : new FenceRound(leader.table().image(), segment, new TailProxy(client, leader, segment, generation));
    }

    @Override
    public CompletableFuture<FenceRound.Fenced> fence(Row row, Member member, TractId tract) {
        FenceTractRequest request = FenceTractRequest.newBuilder()
                .setAddress(address(row, member, tract))
                .setGeneration(generation.value())
                .setReplication(segment.replication())
                .setTractSize(segment.tractSize())
                .build();
        return call(member, Methods.FENCE_TRACT, request, TailProxy::fenced);
    }

    @Override
    public CompletableFuture<Boolean> cut(Row row, Member member, TractId tract, int length) {
        CutTractRequest request = CutTractRequest.newBuilder()
                .setAddress(address(row, member, tract))
                .setGeneration(generation.value())
                .setLength(length)
                .build();
        return call(member, Methods.CUT_TRACT, request, reply -> true);
    }

    private <Q extends MessageLite, R extends MessageLite, A> CompletableFuture<A> call(
            Member member, Method<Q, R> method, Q request, Function<R, A> answer) {
        @Nullable StoreInfo store = leader.store(member.ref());
        if (store == null) {
            return CompletableFuture.failedFuture(
                    new TractException(ErrorCode.UNKNOWN_STORE, "Store " + member.ref() + " is away"));
        }
        return client.call(
                        new HostPort(store.host(), store.port()),
                        method,
                        request,
                        Body.NONE,
                        CallOptions.timeout(CALL_MS))
                .thenApply(reply -> take(reply, answer));
    }

    private static <R, A> A take(Reply<R> reply, Function<R, A> answer) {
        try (reply) {
            return answer.apply(reply.message());
        }
    }

    private static FenceRound.Fenced fenced(TailResponse tail) {
        return new FenceRound.Fenced(
                new RowVersion(tail.getVersion()),
                new TailSearch.Answer(
                        tail.getHolder(),
                        tail.getLength(),
                        tail.getDamaged(),
                        tail.getAcknowledgedLength(),
                        tail.getLengthAtVersion(),
                        tail.getRangesList()));
    }

    private static TractAddress address(Row row, Member member, TractId tract) {
        return TractAddress.newBuilder()
                .setRef(StoreCodec.encode(member.ref()))
                .setRow(row.index())
                .setVersion(row.version().value())
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }
}
