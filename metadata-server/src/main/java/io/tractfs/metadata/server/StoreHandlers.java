package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.HeartbeatResponse;
import io.tractfs.wire.proto.HeldRow;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.ReportHeldRequest;
import io.tractfs.wire.proto.ReportHeldResponse;
import io.tractfs.wire.proto.StoreHeartbeat;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tract servers tell: that they live, and which rows they have brought up to date. Thread-safe. */
final class StoreHandlers {
    private final ServerParts parts;
    private final Topology topology;

    StoreHandlers(ServerParts parts, Topology topology) {
        this.parts = parts;
        this.topology = topology;
    }

    void register(RpcServer.Builder builder) {
        builder.on(Methods.REGISTER, new RegisterHandler(parts, topology));
        builder.on(Methods.HEARTBEAT, this::heartbeat);
        builder.on(Methods.REPORT_HELD, this::reportHeld);
    }

    private void heartbeat(Exchange<HeartbeatRequest, HeartbeatResponse> exchange) {
        exchange.body().release();
        @Nullable LeaderView leader = parts.view();
        if (leader == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        HeartbeatResponse.Builder response = HeartbeatResponse.newBuilder()
                .setEpoch(leader.epoch().value())
                .setGarbageHead(parts.records().garbageHead())
                .setTrashMayGo(parts.gate().refusalToShrink().isEmpty()
                        && !parts.records().areDeletesHeld())
                .setPoint(LogPoint.newBuilder()
                        .setEpoch(leader.epoch().value())
                        .setLineage(IdCodec.encode(leader.lineage()))
                        .setAppliedIndex(parts.records().appliedIndex()));
        parts.damage().report(exchange.message());
        try {
            for (StoreHeartbeat store : exchange.message().getStoresList()) {
                StoreRef ref = StoreCodec.decode(store.getRef());
                if (!leader.isRegistered(ref) && store.getFailed()) {
                    continue; // It cannot register, or was refused.
                }
                if (!leader.isRegistered(ref)) {
                    response.addUnknownStores(IdCodec.encode(ref.store()));
                } else {
                    take(ref, store);
                }
            }
        } catch (TractException e) {
            exchange.fail(e);
            return;
        }
        exchange.reply(response.build());
    }

    /** A sign of life that finds the queue full is lost; another follows. */
    private void take(StoreRef ref, StoreHeartbeat store) {
        StoreSpace space = new StoreSpace(store.getCapacity(), store.getUsed(), store.getFree(), store.getTractCount());
        String failure = store.getFailed() ? (store.getFailure().isEmpty() ? "failed" : store.getFailure()) : "";
        parts.space().report(ref.store(), space);
        parts.garbage().report(ref.store(), store.getGarbageCursor());
        parts.damage().report(ref.store(), store);
        parts.sequences().saw(ref.store(), store.getWriteSequence());
        parts.recoveries().fetched(ref.store(), ref.incarnation().value(), store.getReconciledBytes());
        parts.loop().offer(new Event.Heartbeat(ref, space, store.getLeaving(), failure));
    }

    private void reportHeld(Exchange<ReportHeldRequest, ReportHeldResponse> exchange) {
        exchange.body().release();
        @Nullable LeaderView leader = parts.view();
        if (leader == null) {
            exchange.fail(parts.notLeading());
            return;
        }
        ReportHeldRequest request = exchange.message();
        try {
            StoreRef from = StoreCodec.decode(request.getRef());
            if (!leader.isRegistered(from)) {
                // It was meant for another leader: what is acknowledged here is told to nobody else.
                throw new TractException(ErrorCode.UNKNOWN_STORE, "Store " + from + " has to register first");
            }
            List<Event.HeldState> rows = new ArrayList<>(request.getRowsCount());
            for (HeldRow row : request.getRowsList()) {
                rows.add(new Event.HeldState(
                        row.getRow(), new RowVersion(row.getVersion()), RowCodec.classes(row.getHeld())));
            }
            if (!parts.loop().offer(new Event.HeldReported(from, rows))) {
                throw new TractException(ErrorCode.BUSY, "The assignment loop is busy");
            }
        } catch (TractException e) {
            exchange.fail(e);
            return;
        }
        exchange.reply(ReportHeldResponse.getDefaultInstance());
    }
}
