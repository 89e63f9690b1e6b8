package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClusterId;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.AskBlobsResponse;
import io.tractfs.wire.proto.GarbageEntry;
import io.tractfs.wire.proto.GetGarbageRequest;
import io.tractfs.wire.proto.GetGarbageResponse;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.HeartbeatResponse;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RegisterRequest;
import io.tractfs.wire.proto.RegisterResponse;
import io.tractfs.wire.proto.ReportHeldRequest;
import io.tractfs.wire.proto.ReportHeldResponse;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A metadata server that registers everybody and remembers what it was told. */
final class FakeMetadata implements AutoCloseable {
    final BlockingQueue<RegisterRequest> registrations = new LinkedBlockingQueue<>();
    final BlockingQueue<ReportHeldRequest> reports = new LinkedBlockingQueue<>();
    final BlockingQueue<HeartbeatRequest> heartbeats = new LinkedBlockingQueue<>();
    final List<LeaderPoint> history = new CopyOnWriteArrayList<>();
    private final List<BlobId> garbage = new CopyOnWriteArrayList<>();
    /** How many reports to come are refused, as by another server than the one that the store has registered with. */
    final AtomicInteger reportsRefused = new AtomicInteger();

    private final RpcServer server;

    FakeMetadata(EventLoops loops, ClusterId cluster, int rows) {
        server = RpcServer.builder()
                .bind(new HostPort("localhost", 0))
                .loops(loops)
                .on(Methods.REGISTER, exchange -> {
                    registrations.add(exchange.message());
                    RegisterResponse.Builder response = RegisterResponse.newBuilder()
                            .setClusterId(IdCodec.encode(cluster))
                            .setRowCount(rows)
                            .setColumnCount(3)
                            .setHeartbeatMs(20);
                    history.forEach(point -> response.addHistory(encode(point)));
                    exchange.reply(response.build());
                })
                .on(Methods.HEARTBEAT, exchange -> {
                    heartbeats.add(exchange.message());
                    exchange.reply(HeartbeatResponse.newBuilder()
                            .setGarbageHead(garbage.size())
                            .build());
                })
                .on(Methods.REPORT_HELD, exchange -> {
                    reports.add(exchange.message());
                    if (reportsRefused.getAndDecrement() > 0) {
                        exchange.fail(new TractException(ErrorCode.UNKNOWN_STORE, "it has to register first"));
                    } else {
                        exchange.reply(ReportHeldResponse.getDefaultInstance());
                    }
                })
                .on(Methods.GET_GARBAGE, exchange -> exchange.reply(garbageAfter(exchange.message())))
                .on(Methods.ASK_BLOBS, exchange -> exchange.reply(AskBlobsResponse.getDefaultInstance()))
                .build();
    }

    HostPort start() throws IOException {
        return server.start();
    }

    void remove(BlobId blob) {
        garbage.add(blob);
    }

    static LogPoint encode(LeaderPoint point) {
        return LogPoint.newBuilder()
                .setEpoch(point.epoch().value())
                .setLineage(IdCodec.encode(point.lineage()))
                .setAppliedIndex(point.appliedIndex())
                .build();
    }

    private GetGarbageResponse garbageAfter(GetGarbageRequest request) {
        GetGarbageResponse.Builder response =
                GetGarbageResponse.newBuilder().setLogStart(1).setHead(garbage.size());
        for (int i = (int) request.getAfter(); i < garbage.size(); i++) {
            response.addEntries(GarbageEntry.newBuilder()
                    .setSequence(i + 1)
                    .setBlob(garbage.get(i).value()));
        }
        return response.build();
    }

    @Override
    public void close() {
        server.close();
    }
}
