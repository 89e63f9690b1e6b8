package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.config.Settings;
import io.tractfs.id.ClusterId;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.proto.LogPoint;
import io.tractfs.wire.proto.RefusedStore;
import io.tractfs.wire.proto.RegisterResponse;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which tract servers a metadata server takes that was restored from a copy, in this process (P30). */
@Timeout(120)
class RestoreIT {
    private static final int ROWS = 16;
    private static final ClusterId CLUSTER = new ClusterId(new UUID(3, 4));
    private static final LogPoint LOST = LogPoint.newBuilder()
            .setEpoch(40)
            .setLineage(IdCodec.encode(new UUID(0, 77)))
            .setAppliedIndex(1_000_000)
            .build();

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private EventLoops loops;
    private RpcClient client;

    @BeforeEach
    void begin() {
        loops = new EventLoops("test", 2);
        String user = System.getProperty("user.name", "tractfs");
        client = new RpcClient(RpcClientConfig.defaults(), Identity.of(user, CLUSTER, "test"), loops);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        client.close();
        loops.close();
    }

    // A store that a restore has left behind is no reason to stop the cluster, nor is it any reason to stop its
    // neighbours.
    @Test
    void aStoreThatSawWhatTheRestoreHasUndoneIsRefusedAlone() throws Exception {
        HostPort restored = restored(List.of("tract-2"));
        InMemoryTractServer first = keep(new InMemoryTractServer(1, CLUSTER, restored, loops, ROWS));
        first.incarnation = 2;
        registered(first, LOST);

        InMemoryTractServer second = keep(new InMemoryTractServer(2, CLUSTER, restored, loops, ROWS));
        second.incarnation = 2;
        LogPoint later = LOST.toBuilder().setEpoch(41).build();
        RegisterResponse response = registered(second, later);

        assertThat(response.getRefusedList())
                .singleElement()
                .satisfies(refused -> assertThat(refused.getStore()).isEqualTo(IdCodec.encode(second.store)))
                .satisfies(refused -> assertThat(refused.getReason()).contains("format its directory anew"));
        assertThat(registered(first, LOST).getRefusedList()).isEmpty();
    }

    @Test
    void aStoreOfWhichALaterStartIsRegisteredIsRefusedAlone() throws Exception {
        HostPort restored = restored(List.of("tract-2"));
        InMemoryTractServer first = keep(new InMemoryTractServer(1, CLUSTER, restored, loops, ROWS));
        first.incarnation = 5;
        registered(first, LOST);
        InMemoryTractServer clone = keep(new InMemoryTractServer(1, CLUSTER, restored, loops, ROWS));
        clone.incarnation = 4;

        assertThat(registered(clone, LOST).getRefusedList())
                .extracting(RefusedStore::getReason)
                .singleElement()
                .asString()
                .contains("Only one server may have the store");
    }

    /** A namespace in which two tract servers registered, restored from a copy without some of them. */
    private HostPort restored(List<String> without) throws Exception {
        MetadataDirectory.format(directory.resolve("lost"), CLUSTER, new UUID(5, 6));
        MetadataServer lost = server("lost");
        HostPort address = lost.start().rpc();
        for (int number = 1; number <= 2; number++) {
            InMemoryTractServer server = keep(new InMemoryTractServer(number, CLUSTER, address, loops, ROWS));
            registered(server, LogPoint.getDefaultInstance());
        }
        Path backup = directory.resolve("backup");
        try (CheckpointArchive archive = new CheckpointArchive(backup)) {
            assertThat(new CheckpointProxy(client, address).fetch(archive).getFilesCount())
                    .isPositive();
        }
        lost.close();
        RestoredDirectory.make(directory.resolve("again"), backup, without);
        return keep(server("again")).start().rpc();
    }

    private MetadataServer server(String name) throws Exception {
        Settings settings = new Settings(Map.of(
                "tract.metadata.dir", directory.resolve(name).toString(),
                "tract.metadata.rpc.bind", "localhost:0",
                "tract.metadata.raft.bind", "localhost:0",
                "tract.metadata.web.bind", "localhost:0",
                "tract.metadata.rows", Integer.toString(ROWS),
                "tract.metadata.death.time", "60s",
                "tract.metadata.suspect.time", "30s"));
        return new MetadataServer(MetadataConfig.read(settings), settings, Clock.SYSTEM, UUID::randomUUID, () -> {});
    }

    /** Asks until it is answered: the election, and a restore, take a moment. */
    private static RegisterResponse registered(InMemoryTractServer server, LogPoint seen) throws Exception {
        Optional<RegisterResponse> response = Optional.empty();
        while (response.isEmpty()) {
            try {
                response = Optional.of(server.register(seen));
            } catch (ExecutionException e) {
                assertThat(e).hasMessageMatching("(?s).*(lead|start|restored|begin).*");
            }
        }
        return response.get();
    }

    private <T extends AutoCloseable> T keep(T part) throws IOException {
        open.add(part);
        return part;
    }
}
