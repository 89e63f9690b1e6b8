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
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.rocks.RocksKeyValueStore;
import io.tractfs.metadata.rocks.RocksLimits;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real log on the real database: start, restart, and start from a copy of the disk as a kill leaves it. */
class RatisCommandLogTest {
    private static final Requester ROOT = new Requester("root", Set.of(), true);
    private static final ClientId CLIENT = new ClientId(new UUID(7, 7));

    @TempDir
    Path directory;

    /** One running peer. */
    private static final class Peer implements AutoCloseable {
        final RocksKeyValueStore store;
        final NamespaceState state;
        final RatisCommandLog log;

        Peer(Path directory) throws Exception {
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
            log = RatisCommandLog.start(config(directory), state, listener, CheckpointInstaller.NONE, Clock.SYSTEM);
            leads.get(30, TimeUnit.SECONDS);
        }

        Result run(Call call) throws Exception {
            return log.submit(call).get(30, TimeUnit.SECONDS);
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
                BatchLimits.DEFAULT);
    }

    private static Call mkdirs(long number, String path) {
        return new Call(ROOT, new CallName(CLIENT, number), new FileCommand.Mkdirs(path, 0755, true));
    }

    private static Call create(long number, String path) {
        return new Call(
                ROOT,
                new CallName(CLIENT, number),
                new FileCommand.Create(path, 0644, false, false, false, 0, 0, 0, 0));
    }

    @Test
    void keepsTheNamespaceOverARestart() throws Exception {
        try (Peer peer = new Peer(directory)) {
            peer.format();
            assertThat(peer.run(mkdirs(1, "/a/b"))).isEqualTo(Result.YES);
        }
        try (Peer peer = new Peer(directory)) {
            assertThat(new NamespaceReader(peer.store).status(ROOT, "/a/b").directory())
                    .isTrue();
            assertThat(peer.state.epochs()).hasSize(1);
            Result taken = peer.run(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(3, 3)))));
            assertThat(((Result.EpochTaken) taken).epoch().value()).isEqualTo(2);
        }
    }

    @Test
    void answersARepeatedCallFromBeforeTheKill() throws Exception {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        Result first;
        try (Peer peer = new Peer(original)) {
            peer.format();
            first = peer.run(create(1, "/file"));
            assertThat(first).isInstanceOf(Result.Opened.class);
            copyAsAKillLeavesIt(original, copy);
        }
        try (Peer peer = new Peer(copy)) {
            assertThat(peer.run(create(1, "/file"))).isEqualTo(first);
            assertThat(peer.run(create(2, "/file"))).isInstanceOf(Result.Held.class);
        }
    }

    @Test
    void startsWithATornTailOfTheLog() throws Exception {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        try (Peer peer = new Peer(original)) {
            peer.format();
            peer.run(mkdirs(1, "/kept"));
            copyAsAKillLeavesIt(original, copy);
        }
        tearTail(copy.resolve("raft"));
        try (Peer peer = new Peer(copy)) {
            assertThat(new NamespaceReader(peer.store).status(ROOT, "/kept").directory())
                    .isTrue();
            assertThat(peer.run(mkdirs(2, "/next"))).isEqualTo(Result.YES);
        }
    }

    @Test
    void cutsItsLogAndStillStarts() throws Exception {
        try (Peer peer = new Peer(directory)) {
            peer.format();
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                results.add(peer.log.submit(mkdirs(i + 1, "/d" + i)));
            }
            for (CompletableFuture<Result> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(Result.YES);
            }
        }
        try (Peer peer = new Peer(directory)) {
            assertThat(peer.state.inodeCount()).isEqualTo(3004);
            assertThat(peer.run(mkdirs(5000, "/more"))).isEqualTo(Result.YES);
        }
    }

    @Test
    void appliesTheLogAnewWhenTheDatabaseIsGone() throws Exception {
        try (Peer peer = new Peer(directory)) {
            peer.format();
            peer.run(mkdirs(1, "/kept"));
        }
        Files.move(directory.resolve("db"), directory.resolve("lost"));
        try (Peer peer = new Peer(directory)) {
            peer.run(mkdirs(2, "/after"));
            assertThat(new NamespaceReader(peer.store).status(ROOT, "/kept").directory())
                    .isTrue();
        }
    }

    private static void copyAsAKillLeavesIt(Path from, Path to) throws IOException {
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

    /** Puts the beginning of an entry after the last one, as a crash in the middle of a write does. */
    private static void tearTail(Path raft) throws IOException {
        Path open;
        try (Stream<Path> files = Files.walk(raft)) {
            open = files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
            long end = lastNonZero(file) + 1;
            file.seek(end + 3);
            file.write(new byte[] {(byte) 0x85, 1, 2, 3, 4});
        }
    }

    private static long lastNonZero(RandomAccessFile file) throws IOException {
        byte[] all = new byte[(int) file.length()];
        file.readFully(all);
        int at = all.length - 1;
        while (at >= 0 && all[at] == 0) {
            at--;
        }
        return at;
    }
}
