package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.rocks.RocksKeyValueStore;
import io.tractfs.metadata.rocks.RocksLimits;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A peer that is alone, on the real log and the real database in a directory. Not thread-safe. */
final class LonePeer implements AutoCloseable {
    static final Requester ROOT = new Requester("root", Set.of(), true);
    static final ClientId CLIENT = new ClientId(new UUID(7, 7));
    private static final long WAIT_S = 30;

    final RocksKeyValueStore store;
    final NamespaceState state;
    final RatisCommandLog log;

    LonePeer(Path directory) throws Exception {
        store = RocksKeyValueStore.open(directory.resolve("db"), RocksLimits.SMALL);
        state = new NamespaceState(store);
        CompletableFuture<Void> leads = new CompletableFuture<>();
        LeadershipListener listener = new LeadershipListener() {
            @Override
            public void onLeader() {
                leads.complete(null);
            }

            @Override
            public void onFollower() {}
        };
        log = RatisCommandLog.start(
                config(directory), state, listener, CheckpointInstaller.NONE, () -> true, Clock.SYSTEM);
        leads.get(WAIT_S, TimeUnit.SECONDS);
    }

    Result run(Call call) throws Exception {
        return log.submit(call).get(WAIT_S, TimeUnit.SECONDS);
    }

    void format() throws Exception {
        ClusterLayout layout = new ClusterLayout(
                new ClusterId(new UUID(1, 1)), 16, 3, new FileDefaults(8 << 20, 3, 128 << 20, 4), "supergroup");
        assertThat(run(Call.ofSystem(new ClusterCommand.Format(layout, "root"))))
                .isEqualTo(Result.DONE);
        run(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(2, 2)))));
    }

    @Override
    public void close() {
        log.close();
        store.close();
    }

    private static RatisConfig config(Path directory) {
        return new RatisConfig(
                directory.resolve("raft"),
                "metadata-1",
                new HostPort("127.0.0.1", 0),
                List.of(),
                600,
                600_000,
                NamespaceLimits.HDFS,
                50,
                1 << 20,
                60_000,
                BatchLimits.DEFAULT,
                RaftPortLimits.DEFAULT);
    }

    /** A call that makes a directory. */
    static Call mkdirs(long number, String path) {
        return new Call(ROOT, new CallName(CLIENT, number), new FileCommand.Mkdirs(path, 0755, true));
    }

    /** Copies a directory of a peer that may run. */
    static void copyAsAKillLeavesIt(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().equals("in_use.lock")) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
