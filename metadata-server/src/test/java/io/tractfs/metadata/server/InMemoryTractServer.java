package io.tractfs.metadata.server;

import io.tractfs.id.ClusterId;
import io.tractfs.id.StoreId;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.*;
import io.tractfs.wire.proto.HeldRow;
import io.tractfs.wire.proto.ReportHeldRequest;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.Exchange;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import io.tractfs.wire.rpc.Reply;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import io.tractfs.wire.rpc.RpcServer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A tract server of one store that keeps rows and tract lengths in memory and speaks the real protocol. Thread-safe. */
final class InMemoryTractServer implements AutoCloseable {
    final StoreId store;
    final Map<Integer, ProposedRow> rows = new ConcurrentHashMap<>();
    final Map<TractKey, Integer> lengths = new ConcurrentHashMap<>();
    final Map<TractKey, Long> generations = new ConcurrentHashMap<>();
    final CountDownLatch published;
    final CountDownLatch cuts = new CountDownLatch(1);
    private final HostPort leader;
    private final RpcServer server;
    private final RpcClient client;
    private HostPort address;
    long incarnation = 1;
    long writeSequence;

    InMemoryTractServer(int number, ClusterId cluster, HostPort leader, EventLoops loops, int rowsToSee) {
        this.store = new StoreId(new UUID(9, number));
        this.leader = leader;
        this.published = new CountDownLatch(rowsToSee);
        this.address = leader;
        this.client = new RpcClient(RpcClientConfig.defaults(), Identity.of("tract", cluster, "test"), loops);
        this.server = RpcServer.builder()
                .loops(loops)
                .clusterId(() -> Optional.of(cluster))
                .on(Methods.GRANT_EPOCH, this::grant)
                .on(Methods.PROPOSE, this::propose)
                .on(Methods.PUBLISH, this::publish)
                .on(Methods.PROBE, this::probe)
                .on(Methods.FENCE_TRACT, this::fence)
                .on(Methods.CUT_TRACT, this::cut)
                .build();
    }

    StoreRefMessage ref() {
        return StoreRefMessage.newBuilder()
                .setStore(IdCodec.encode(store))
                .setIncarnation(incarnation)
                .build();
    }

    RegisterResponse register(LogPoint lastSeen) throws Exception {
        address = server.start();
        RegisterRequest request = RegisterRequest.newBuilder()
                .setServer("tract-" + store.value().getLeastSignificantBits())
                .setHost("localhost")
                .setPort(address.port())
                .setDomain("/default")
                .addStores(RegisterStore.newBuilder()
                        .setRef(ref())
                        .setLastSeen(lastSeen)
                        .setWriteSequence(writeSequence)
                        .setCapacity(1L << 30)
                        .setFree(1L << 30))
                .build();
        try (Reply<RegisterResponse> reply = client.call(
                        leader, Methods.REGISTER, request, Body.NONE, CallOptions.timeout(20_000))
                .get()) {
            return reply.message();
        }
    }

    HeartbeatResponse heartbeat() throws Exception {
        HeartbeatRequest request = HeartbeatRequest.newBuilder()
                .setServer("tract")
                .addStores(StoreHeartbeat.newBuilder()
                        .setRef(ref())
                        .setCapacity(1L << 30)
                        .setUsed(5)
                        .setWriteSequence(writeSequence)
                        .setFree(1 << 29))
                .build();
        try (Reply<HeartbeatResponse> reply = client.call(
                        leader, Methods.HEARTBEAT, request, Body.NONE, CallOptions.timeout(20_000))
                .get()) {
            return reply.message();
        }
    }

    /** Says that it holds all classes of a row. */
    void report(int row) throws Exception {
        ReportHeldRequest request = ReportHeldRequest.newBuilder()
                .setRef(ref())
                .addRows(HeldRow.newBuilder().setRow(row).setHeld(7))
                .build();
        client.call(leader, Methods.REPORT_HELD, request, Body.NONE, CallOptions.timeout(20_000))
                .get()
                .close();
    }

    private void grant(Exchange<GrantEpochRequest, GrantEpochResponse> exchange) {
        exchange.body().release();
        GrantEpochResponse.Builder claims = GrantEpochResponse.newBuilder();
        rows.values().forEach(row -> claims.addClaims(row.getRow()));
        exchange.reply(claims.build());
    }

    private void propose(Exchange<ProposeRequest, ProposeResponse> exchange) {
        exchange.body().release();
        ProposeResponse.Builder answers = ProposeResponse.newBuilder();
        for (ProposedRow row : exchange.message().getRowsList()) {
            rows.put(row.getRow().getIndex(), row);
            int held = row.getRow().getColumnsList().stream()
                    .filter(column -> column.getMember().getStore().equals(IdCodec.encode(store)))
                    .mapToInt(ColumnMessage::getHeld)
                    .findFirst()
                    .orElse(0);
            answers.addAnswers(ProposalAnswer.newBuilder()
                    .setRow(row.getRow().getIndex())
                    .setAccepted(true)
                    .setVersion(row.getRow().getVersion())
                    .setHeld(held));
        }
        exchange.reply(answers.build());
    }

    private void publish(Exchange<PublishRequest, PublishResponse> exchange) {
        exchange.body().release();
        exchange.reply(PublishResponse.getDefaultInstance());
        exchange.message().getRowsList().forEach(row -> published.countDown());
    }

    private void probe(Exchange<ProbeRequest, ProbeResponse> exchange) {
        exchange.body().release();
        exchange.reply(ProbeResponse.newBuilder().addStores(ref()).build());
    }

    private static TractKey key(TractAddress address) {
        return TractKey.newBuilder()
                .setBlob(address.getBlob())
                .setIndex(address.getIndex())
                .build();
    }

    private void fence(Exchange<FenceTractRequest, TailResponse> exchange) {
        exchange.body().release();
        TractKey key = key(exchange.message().getAddress());
        generations.put(key, exchange.message().getGeneration());
        exchange.reply(TailResponse.newBuilder()
                .setLength(lengths.getOrDefault(key, 0))
                .setVersion(exchange.message().getAddress().getVersion())
                .setHolder(true)
                .build());
    }

    private void cut(Exchange<CutTractRequest, CutTractResponse> exchange) {
        exchange.body().release();
        lengths.computeIfPresent(
                key(exchange.message().getAddress()),
                (key, length) -> Math.min(length, exchange.message().getLength()));
        exchange.reply(CutTractResponse.getDefaultInstance());
        cuts.countDown();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
