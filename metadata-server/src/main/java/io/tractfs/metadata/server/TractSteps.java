package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.namespace.SegmentChange;
import io.tractfs.metadata.replication.ReplicationPlanner;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.ReplicateTractRequest;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has the members of a tract's row do one step of a change of replication, all under one version (P33). Thread-safe. */
final class TractSteps {
    /** A member may have to bring a whole tract. */
    private static final long CALL_MS = 30_000;

    private final RpcClient client;
    private final Supplier<@Nullable LeaderView> view;

    TractSteps(RpcClient client, Supplier<@Nullable LeaderView> view) {
        this.client = client;
        this.view = view;
    }

    /** Completes once every member has done its part; fails if one has not, or the row is not in a state for it. */
    CompletableFuture<Void> change(Segment segment, int index) {
        @Nullable LeaderView leader = view.get();
        if (leader == null) {
            return failed(ErrorCode.NOT_LEADER, "This metadata server does not lead");
        }
        TractId tract = new TractId(segment.blob(), index);
        Row row = leader.table().image().rowOf(tract);
        SegmentChange change = segment.change();
        Optional<List<List<ReplicationPlanner.Step>>> stages =
                ReplicationPlanner.plan(row, segment.replication(), change.other(), change.committed());
        if (stages.isEmpty()) {
            return failed(ErrorCode.RECOVERING, "Row " + row.index() + " has members that are not in sync");
        }
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (List<ReplicationPlanner.Step> stage : stages.get()) {
            all = all.thenCompose(before -> CompletableFuture.allOf(stage.stream()
                    .map(step -> send(leader, row, segment, index, step))
                    .toArray(CompletableFuture<?>[]::new)));
        }
        return all;
    }

    private CompletableFuture<Void> send(
            LeaderView leader, Row row, Segment segment, int index, ReplicationPlanner.Step step) {
        @Nullable StoreInfo store = leader.store(step.member().ref());
        if (store == null) {
            return failed(ErrorCode.UNKNOWN_STORE, "Store " + step.member().ref() + " is away");
        }
        SegmentChange change = segment.change();
        ReplicateTractRequest request = ReplicateTractRequest.newBuilder()
                .setAddress(TractAddress.newBuilder()
                        .setRef(StoreCodec.encode(step.member().ref()))
                        .setRow(row.index())
                        .setVersion(row.version().value())
                        .setBlob(segment.blob().value())
                        .setIndex(index))
                .setEpoch(leader.epoch().value())
                .setLineage(IdCodec.encode(leader.lineage()))
                .setNumber(change.number())
                .setTrim(step.trim())
                .setLength(segment.tractLength(index))
                .setReplication(segment.replication())
                .setOtherReplication(change.committed() ? 0 : change.other())
                .setClasses(step.classes().bits())
                .setSourceClasses(new ClassSet(1 << (row.classOf(segment.replication()) - 1)).bits())
                .build();
        return client.call(
                        new HostPort(store.host(), store.port()),
                        Methods.REPLICATE_TRACT,
                        request,
                        Body.NONE,
                        CallOptions.timeout(CALL_MS))
                .thenAccept(reply -> reply.close());
    }

    private static CompletableFuture<Void> failed(ErrorCode code, String message) {
        return CompletableFuture.failedFuture(new TractException(code, message));
    }
}
