package io.tractfs.tract.server;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tractfs.config.Settings;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.time.Clock;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.GrantEpochRequest;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.ProposalAnswer;
import io.tractfs.wire.proto.ProposeRequest;
import io.tractfs.wire.proto.ProposedRow;
import io.tractfs.wire.proto.PublishRequest;
import io.tractfs.wire.proto.TractAddress;
import io.tractfs.wire.proto.WriteTractRequest;
import io.tractfs.wire.proto.WriteTractResponse;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/** Tract servers in this process, a metadata server that is played by the test, and a client. */
final class Cluster implements AutoCloseable {
    static final int ROWS = 16;
    private static final long TIMEOUT_MS = 20_000;

    final ClusterId id = new ClusterId(new UUID(3, 3));
    final EventLoops loops = new EventLoops("test", 2);
    final FakeMetadata metadata = new FakeMetadata(loops, id, ROWS);
    private final RpcClient client = new RpcClient(RpcClientConfig.defaults(), Identity.of("test", id, "test"), loops);
    private final HostPort metadataAddress;
    private final Map<StoreRef, HostPort> addresses = new LinkedHashMap<>();
    private final List<TractServer> servers = new ArrayList<>();

    Cluster() throws IOException {
        metadataAddress = metadata.start();
    }

    /** Starts a server with one store and waits until it has registered. */
    TractServer start(OpenStore store) throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "tract.store.server.name", "tract-" + servers.size(),
                "tract.store.data.bind", "localhost:0",
                "tract.store.web.bind", "localhost:0",
                // Nobody listens at the first address; the leader is found at the second.
                "tract.store.metadata", "localhost:1," + metadataAddress,
                "tract.store.garbage.delay", "0s");
        TractServer server = new TractServer(
                TractServerConfig.read(new Settings(settings).reader()),
                new DirectoryStore.Opened(List.of(store), List.of()),
                settings,
                Clock.SYSTEM);
        servers.add(server);
        addresses.put(store.ref(), server.start());
        metadata.registrations.take();
        awaitHeartbeat(store.ref());
        return server;
    }

    /** Waits until a store's server has taken in its registration, which its first heartbeat shows. */
    private void awaitHeartbeat(StoreRef store) throws InterruptedException {
        HeartbeatRequest heartbeat = metadata.heartbeats.take();
        while (!heartbeat.getStores(0).getRef().equals(StoreCodec.encode(store))) {
            heartbeat = metadata.heartbeats.take();
        }
    }

    /** Grants, proposes and publishes a row at its members. */
    List<ProposalAnswer> assign(LeaderPoint leader, Row row, RowVersion floor, StoreRef... members) throws Exception {
        List<ProposalAnswer> answers = new ArrayList<>();
        for (StoreRef member : members) {
            grant(leader, member);
            answers.add(propose(leader, row, floor, member));
        }
        for (StoreRef member : members) {
            publish(leader, row, member);
        }
        return answers;
    }

    void grant(LeaderPoint leader, StoreRef store) throws Exception {
        call(
                store,
                Methods.GRANT_EPOCH,
                GrantEpochRequest.newBuilder()
                        .setRef(StoreCodec.encode(store))
                        .setLeader(FakeMetadata.encode(leader))
                        .setLimit(100)
                        .build());
    }

    ProposalAnswer propose(LeaderPoint leader, Row row, RowVersion floor, StoreRef store) throws Exception {
        ProposeRequest.Builder request = ProposeRequest.newBuilder()
                .setRef(StoreCodec.encode(store))
                .setEpoch(leader.epoch().value())
                .setLineage(IdCodec.encode(leader.lineage()))
                .addRows(ProposedRow.newBuilder().setRow(RowCodec.encode(row)).setFloor(floor.value()));
        infos().forEach(info -> request.addStores(StoreCodec.encode(info)));
        return call(store, Methods.PROPOSE, request.build()).getAnswers(0);
    }

    void publish(LeaderPoint leader, Row row, StoreRef store) throws Exception {
        PublishRequest.Builder request = PublishRequest.newBuilder()
                .setRef(StoreCodec.encode(store))
                .setEpoch(leader.epoch().value())
                .setLineage(IdCodec.encode(leader.lineage()))
                .addRows(RowCodec.encode(row));
        infos().forEach(info -> request.addStores(StoreCodec.encode(info)));
        call(store, Methods.PUBLISH, request.build());
    }

    WriteTractResponse write(StoreRef store, TractId tract, RowVersion version, int offset, byte[] data)
            throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        ByteBuf body = Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(Pieces.checksums(tract, offset, bytes)), Unpooled.wrappedBuffer(data));
        WriteTractRequest request = WriteTractRequest.newBuilder()
                .setAddress(address(store, tract, version))
                .setGeneration(1)
                .setOffset(offset)
                .setLength(data.length)
                .setTractSize(1 << 20)
                .setReplication(3)
                .build();
        try (Reply<WriteTractResponse> reply = call(store, Methods.WRITE_TRACT, request, Body.of(body))) {
            return reply.message();
        }
    }

    static TractAddress address(StoreRef store, TractId tract, RowVersion version) {
        return TractAddress.newBuilder()
                .setRef(StoreCodec.encode(store))
                .setRow(RowHash.rowOf(tract, ROWS))
                .setVersion(version.value())
                .setBlob(tract.blob().value())
                .setIndex(tract.index())
                .build();
    }

    <Q extends MessageLite, R extends MessageLite> R call(StoreRef store, Method<Q, R> method, Q message)
            throws Exception {
        try (Reply<R> reply = call(store, method, message, Body.NONE)) {
            return reply.message();
        }
    }

    /** Calls, and throws the refusal as it is. */
    <Q extends MessageLite, R extends MessageLite> Reply<R> call(
            StoreRef store, Method<Q, R> method, Q message, Body body) throws Exception {
        HostPort address = addresses.entrySet().stream()
                .filter(entry -> entry.getKey().store().equals(store.store()))
                .reduce((older, newer) -> newer)
                .orElseThrow()
                .getValue();
        try {
            return client.call(address, method, message, body, CallOptions.timeout(TIMEOUT_MS))
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TractException refusal ? refusal : e;
        }
    }

    private List<StoreInfo> infos() {
        List<StoreInfo> infos = new ArrayList<>();
        addresses.forEach((ref, address) ->
                infos.add(new StoreInfo(ref, "server", address.host(), address.port(), "/default-rack")));
        return infos;
    }

    @Override
    public void close() {
        servers.forEach(TractServer::close);
        client.close();
        metadata.close();
        loops.close();
    }
}
