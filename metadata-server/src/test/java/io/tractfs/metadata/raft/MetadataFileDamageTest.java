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
import io.tractfs.metadata.namespace.KeyValueException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of a metadata server's directory is damaged, one at a time: it starts with everything that was acknowledged, or
 * does not start and says why. More seeds: {@code -Dtractfs.damage.seeds=200}.
 */
class MetadataFileDamageTest {
    private static final int SEEDS = Integer.getInteger("tractfs.damage.seeds", 12);
    private static final int CALLS = 130;
    private static final Requester ROOT = new Requester("root", Set.of(), true);
    private static final ClientId CLIENT = new ClientId(new UUID(7, 7));

    @TempDir
    Path directory;

    private interface Damage {
        void inflict(Path file, byte[] bytes, Random random) throws IOException;
    }

    @Test
    void oneFlippedBitIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) -> {
            if (bytes.length > 0) {
                bytes[random.nextInt(used(bytes))] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
        });
    }

    @Test
    void aFileCutShortIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) ->
                Files.write(file, Arrays.copyOf(bytes, Math.min(bytes.length, random.nextInt(used(bytes))))));
    }

    @Test
    void aFileThatIsGoneIsFoundOrDoesNoHarm() throws Exception {
        damageFiles((file, bytes, random) -> Files.delete(file));
    }

    private void damageFiles(Damage damage) throws Exception {
        Path good = directory.resolve("good");
        // Two lives, so that there are tables, closed segments and an open one.
        fill(directory.resolve("first"), 0, good.resolveSibling("second"));
        fill(good.resolveSibling("second"), CALLS, good);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(good)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("LOCK"))
                    .map(good::relativize)
                    .sorted()
                    .toList();
        }
        assertThat(files.toString()).contains("raft-meta", "log_", "CURRENT", "MANIFEST", ".sst");
        for (int seed = 0; seed < SEEDS; seed++) {
            Path file = files.get((int) ((long) seed * files.size() / Math.min(SEEDS, files.size())) % files.size());
            Path copy = directory.resolve("copy-" + seed);
            copyAsAKillLeavesIt(good, copy);
            damage.inflict(copy.resolve(file), Files.readAllBytes(copy.resolve(file)), new Random(seed));
            try {
                check(copy);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", file " + file, e);
            }
        }
    }

    private static void fill(Path from, int first, Path to) throws Exception {
        try (Peer peer = new Peer(from)) {
            if (first == 0) {
                peer.format();
            }
            for (int i = first; i < first + CALLS; i++) {
                assertThat(peer.run(mkdirs(i + 1, "/d" + i))).isEqualTo(Result.YES);
            }
            copyAsAKillLeavesIt(from, to);
        }
    }

    private static void check(Path copy) throws Exception {
        Peer peer;
        try {
            peer = new Peer(copy);
        } catch (IOException | TimeoutException e) {
            assertThat(e.getMessage()).as("the reason").isNotBlank();
            return;
        }
        try (peer) {
            NamespaceReader reader = new NamespaceReader(peer.store);
            for (int i = 0; i < 2 * CALLS; i++) {
                assertThat(reader.status(ROOT, "/d" + i).directory()).isTrue();
            }
            assertThat(peer.run(mkdirs(10_000, "/after"))).isEqualTo(Result.YES);
        } catch (KeyValueException | ExecutionException e) {
            // Damage that shows when it is read: the call fails and says so.
            assertThat(e.getMessage()).as("the reason").isNotBlank();
        }
    }

    /** A log segment is made longer than what is written to it. */
    private static int used(byte[] bytes) {
        int used = bytes.length;
        while (used > 1 && bytes[used - 1] == 0) {
            used--;
        }
        return Math.max(1, used);
    }

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
            leads.get(10, TimeUnit.SECONDS);
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
}
