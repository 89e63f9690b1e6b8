package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tractfs.config.Settings;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.*;
import io.tractfs.wire.proto.BehindStore;
import io.tractfs.wire.proto.MkdirsRequest;
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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole metadata server in this process, with tract servers that speak the protocol but hold nothing. */
@Timeout(120)
class MetadataServerIT {
    private static final int ROWS = 16;
    private static final ClusterId CLUSTER = new ClusterId(new UUID(3, 4));
    private static final LogPoint NOTHING = LogPoint.getDefaultInstance();

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private EventLoops loops;
    private RpcClient client;

    @BeforeEach
    void begin() {
        loops = new EventLoops("test", 2);
        client = new RpcClient(RpcClientConfig.defaults(), Identity.of(user(), CLUSTER, "test"), loops);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        client.close();
        loops.close();
        assertThat(failures).hasValue(0);
    }

    private static String user() {
        return System.getProperty("user.name", "tractfs");
    }

    @Test
    void placesRowsOnTheStoresThatRegisterAndShowsTheTable() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));
        MetadataServer.Addresses addresses = start();
        List<InMemoryTractServer> servers = join(addresses, 3);
        for (InMemoryTractServer server : servers) {
            assertThat(server.published.await(60, TimeUnit.SECONDS)).isTrue();
        }

        TableMessage table = awaitTable(addresses);
        assertThat(table.getFull()).isTrue();
        assertThat(table.getRowsList()).hasSize(ROWS).allSatisfy(row -> {
            assertThat(row.getStoresList()).containsExactlyInAnyOrder(1, 2, 3);
            assertThat(row.getHeldList()).containsExactly(7, 6, 4);
        });
        TableMessage delta = call(
                addresses.rpc(),
                Methods.GET_TABLE,
                GetTableRequest.newBuilder()
                        .setKnownEpoch(table.getEpoch())
                        .setKnownChange(table.getChange())
                        .build());
        assertThat(delta.getFull()).isFalse();
        assertThat(delta.getRowsList()).isEmpty();
        ReportResponse report = call(addresses.rpc(), Methods.REPORT, ReportRequest.getDefaultInstance());
        assertThat(report.getInSync()).isTrue();
        assertThat(report.getStoresList())
                .hasSize(3)
                .allSatisfy(store -> assertThat(store.getState()).isIn("LIVE", "SUSPECT"));
        assertThat(get(addresses, "/health/ready")).isEqualTo("200 ok\n");
        assertThat(get(addresses, "/metrics")).contains("tractfs_metadata_serving 1.0");
    }

    @Test
    void asksAStoreThatItDoesNotKnowToRegister() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));
        MetadataServer.Addresses addresses = start();
        awaitLeader(addresses);
        InMemoryTractServer server = keep(new InMemoryTractServer(1, CLUSTER, addresses.rpc(), loops, ROWS));

        assertThat(server.heartbeat().getUnknownStoresList()).containsExactly(IdCodec.encode(server.store));
        assertThatThrownBy(() -> server.report(1)).hasMessageContaining("has to register first");
    }

    @Test
    void stopsForAnOperatorWhenAStoreHasSeenAnotherLog() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));
        MetadataServer.Addresses addresses = start();
        awaitLeader(addresses);
        InMemoryTractServer server = keep(new InMemoryTractServer(1, CLUSTER, addresses.rpc(), loops, ROWS));
        LogPoint foreign = LogPoint.newBuilder()
                .setEpoch(1)
                .setLineage(IdCodec.encode(new UUID(0, 0)))
                .setAppliedIndex(1)
                .build();

        assertThatThrownBy(() -> server.register(foreign))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("not in the log");
        assertStopped(() -> call(addresses.rpc(), Methods.GET_TABLE, GetTableRequest.getDefaultInstance()));
        assertStopped(() -> call(addresses.rpc(), Methods.MKDIRS, MkdirsRequest.getDefaultInstance()));
        assertStopped(() -> server.register(NOTHING));
        assertThat(call(addresses.rpc(), Methods.REPORT, ReportRequest.getDefaultInstance())
                        .toString())
                .contains("stopped until an operator decides");
        assertThat(get(addresses, "/health/ready")).doesNotStartWith("200");
    }

    private static void assertStopped(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("stopped until an operator decides");
    }

    // A9, P7: the disk of the store is an old copy.
    @Test
    void tellsAStoreThatComesBackWithFewerWritesThanItReported() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));
        MetadataServer.Addresses addresses = start();
        InMemoryTractServer server = join(addresses, 1).get(0);
        server.writeSequence = 700;
        while (!server.heartbeat().getUnknownStoresList().isEmpty()) {
            Thread.onSpinWait();
        }

        assertThat(server.register(NOTHING).getBehindList()).isEmpty();
        server.writeSequence = 699;
        assertThat(server.register(NOTHING).getBehindList())
                .containsExactly(BehindStore.newBuilder()
                        .setStore(IdCodec.encode(server.store))
                        .setWriteSequence(700)
                        .build());
        server.incarnation++;
        server.writeSequence = 700;
        assertThat(server.register(NOTHING).getBehindList())
                .as("a start that begins no higher than the one before")
                .containsExactly(BehindStore.newBuilder()
                        .setStore(IdCodec.encode(server.store))
                        .setWriteSequence(700 + (1L << 40))
                        .build());
    }

    @Test
    void recoversTheLengthOfAFileWhoseWriterIsGone() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));
        MetadataServer.Addresses addresses = start();
        List<InMemoryTractServer> servers = join(addresses, 3);
        for (InMemoryTractServer server : servers) {
            assertThat(server.published.await(60, TimeUnit.SECONDS)).isTrue();
        }
        FileStatusMessage created = call(
                        addresses.rpc(),
                        Methods.CREATE,
                        CreateRequest.newBuilder()
                                .setPath("/file")
                                .setPermission(0644)
                                .setReplication(3)
                                .build())
                .getStatus();
        TractKey tract = TractKey.newBuilder()
                .setBlob(created.getSegments(0).getBlob())
                .setIndex(0)
                .build();
        servers.get(0).lengths.put(tract, 150);
        servers.get(1).lengths.put(tract, 100);
        servers.get(2).lengths.put(tract, 150);
        call(
                addresses.rpc(),
                Methods.RECOVER_LEASE,
                RecoverLeaseRequest.newBuilder().setPath("/file").build());
        for (InMemoryTractServer server : servers) {
            assertThat(server.cuts.await(60, TimeUnit.SECONDS)).isTrue();
        }

        FileStatusMessage status = call(
                        addresses.rpc(),
                        Methods.GET_STATUS,
                        GetStatusRequest.newBuilder()
                                .setPath("/file")
                                .setOpen(true)
                                .build())
                .getStatus();
        assertThat(status.getLength()).isEqualTo(100);
        assertThat(status.getOpen()).isFalse();
        assertThat(status.getSegments(0).getEnded()).isTrue();
        assertThat(servers.get(0).generations.get(tract)).isEqualTo(status.getGeneration());
    }

    @Test
    void doesNotStartOnADirectoryThatIsNotFormatted() {
        assertThatThrownBy(this::start).isInstanceOf(IOException.class).hasMessageContaining("not formatted");
    }

    @Test
    void doesNotFormatADirectoryThatIsNotEmpty() throws Exception {
        MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6));

        assertThatThrownBy(() -> MetadataDirectory.format(directory.resolve("meta"), CLUSTER, new UUID(5, 6)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");
    }

    private MetadataServer.Addresses start() throws Exception {
        Settings settings = new Settings(Map.of(
                "tract.metadata.dir", directory.resolve("meta").toString(),
                "tract.metadata.rpc.bind", "localhost:0",
                "tract.metadata.raft.bind", "localhost:0",
                "tract.metadata.web.bind", "localhost:0",
                "tract.metadata.rows", Integer.toString(ROWS),
                "tract.metadata.expected.stores", "3",
                "tract.metadata.death.time", "60s",
                "tract.metadata.suspect.time", "30s"));
        MetadataServer server = new MetadataServer(
                MetadataConfig.read(settings), settings, Clock.SYSTEM, UUID::randomUUID, failures::incrementAndGet);
        MetadataServer.Addresses addresses = server.start();
        keep(server);
        return addresses;
    }

    private List<InMemoryTractServer> join(MetadataServer.Addresses addresses, int count) throws Exception {
        List<InMemoryTractServer> servers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            InMemoryTractServer server = keep(new InMemoryTractServer(i, CLUSTER, addresses.rpc(), loops, ROWS));
            awaitLeader(addresses);
            RegisterResponse response = server.register(NOTHING);
            assertThat(response.getRowCount()).isEqualTo(ROWS);
            assertThat(response.getHistoryList()).isNotEmpty();
            servers.add(server);
        }
        return servers;
    }

    /** Asks until the server leads: the election takes a moment. */
    private void awaitLeader(MetadataServer.Addresses addresses) throws Exception {
        while (!call(addresses.rpc(), Methods.REPORT, ReportRequest.getDefaultInstance())
                .getRole()
                .equals("leader")) {
            Thread.onSpinWait();
        }
    }

    /** Asks until every row is shown: stores hear of rows a moment before clients may. */
    private TableMessage awaitTable(MetadataServer.Addresses addresses) throws Exception {
        TableMessage table;
        do {
            table = call(addresses.rpc(), Methods.GET_TABLE, GetTableRequest.getDefaultInstance());
        } while (table.getRowsCount() < ROWS);
        return table;
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.add(part);
        return part;
    }

    private <Q extends MessageLite, R extends MessageLite> R call(HostPort to, Method<Q, R> method, Q request)
            throws Exception {
        CallOptions options =
                new CallOptions(new ClientId(new UUID(8, 8)), calls.incrementAndGet(), 0, 60_000, ByteString.EMPTY);
        try (Reply<R> reply =
                client.call(to, method, request, Body.NONE, options).get()) {
            return reply.message();
        }
    }

    private static String get(MetadataServer.Addresses addresses, String path) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:" + addresses.web().port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
