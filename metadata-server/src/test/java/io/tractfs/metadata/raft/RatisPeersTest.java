package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real logs on real databases in one process. */
class RatisPeersTest {
    private static final Requester ROOT = new Requester("root", Set.of(), true);
    private static final ClientId CLIENT = new ClientId(new UUID(7, 7));
    private static final long WAIT_S = 60;

    @TempDir
    Path directory;

    private final List<RaftPeerAddress> addresses = new ArrayList<>();
    private final LinkedBlockingQueue<Peer> leaders = new LinkedBlockingQueue<>();
    private final List<Peer> peers = new ArrayList<>();

    /** One running peer. */
    private final class Peer implements AutoCloseable {
        final String name;
        final RocksKeyValueStore store;
        final NamespaceState state;
        final RatisCommandLog log;

        Peer(int index) throws IOException {
            RaftPeerAddress address = addresses.get(index);
            name = address.name();
            store = RocksKeyValueStore.open(directory.resolve(name).resolve("db"), RocksLimits.SMALL);
            state = new NamespaceState(store);
            RatisConfig config = new RatisConfig(
                    directory.resolve(name).resolve("raft"),
                    name,
                    address.raft(),
                    addresses,
                    300,
                    600_000,
                    NamespaceLimits.HDFS,
                    1000,
                    1 << 20,
                    600_000,
                    BatchLimits.DEFAULT,
                    RaftPortLimits.DEFAULT);
            try {
                log = RatisCommandLog.start(
                        config, state, new Listener(this), CheckpointInstaller.NONE, () -> true, Clock.SYSTEM);
            } catch (IOException e) {
                store.close();
                throw e;
            }
        }

        Result run(Call call) throws Exception {
            return log.submit(call).get(WAIT_S, TimeUnit.SECONDS);
        }

        Result mkdir(long number, String path) throws Exception {
            return run(new Call(ROOT, new CallName(CLIENT, number), new FileCommand.Mkdirs(path, 0755, true)));
        }

        boolean has(String path) throws Exception {
            log.confirmLeadership().get(WAIT_S, TimeUnit.SECONDS);
            try {
                return new NamespaceReader(store).status(ROOT, path).directory();
            } catch (TractException e) {
                return false;
            }
        }

        @Override
        public void close() {
            log.close();
            store.close();
        }
    }

    /** Tells of leaders. */
    private final class Listener implements LeadershipListener {
        private final Peer peer;

        Listener(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void onLeader() {
            leaders.add(peer);
        }

        @Override
        public void onFollower() {}
    }

    @BeforeEach
    void start() throws Exception {
        for (int i = 1; i <= 3; i++) {
            addresses.add(new RaftPeerAddress(
                    "metadata-" + i, new HostPort("127.0.0.1", 1), new HostPort("127.0.0.1", freePort())));
        }
        for (int i = 0; i < 3; i++) {
            peers.add(new Peer(i));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        peers.forEach(Peer::close);
    }

    /** The next peer that begins to lead and is still there. */
    private Peer leader() throws InterruptedException {
        @Nullable Peer leader;
        do {
            leader = leaders.poll(WAIT_S, TimeUnit.SECONDS);
            assertThat(leader).as("a leader within " + WAIT_S + " s").isNotNull();
        } while (!peers.contains(leader));
        return leader;
    }

    private static void format(Peer leader) throws Exception {
        ClusterLayout layout = new ClusterLayout(
                new ClusterId(new UUID(1, 1)), 16, 3, new FileDefaults(8 << 20, 3, 128 << 20, 4), "supergroup");
        assertThat(leader.run(Call.ofSystem(new ClusterCommand.Format(layout, "root"))))
                .isEqualTo(Result.DONE);
        leader.run(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(2, 2)))));
    }

    @Test
    void anotherLeadsOnWithAllThatWasAcknowledgedAndGivesTheSameAnswers() throws Exception {
        Peer first = leader();
        format(first);
        Result made = first.mkdir(1, "/before");
        Result refused = first.mkdir(2, "/before/file/../x");
        peers.remove(first);
        first.close();

        Peer second = leader();

        assertThat(second.has("/before")).isTrue();
        assertThat(second.mkdir(1, "/before")).isEqualTo(made);
        assertThat(second.mkdir(2, "/before/file/../x")).isEqualTo(refused);
        assertThat(second.mkdir(3, "/after")).isEqualTo(new Result.Answer(true));
        assertThat(second.log.leader()).contains(addresses.get(Integer.parseInt(second.name.substring(9)) - 1));
    }

    @Test
    void withoutAMajorityNothingIsConfirmed() throws Exception {
        Peer first = leader();
        format(first);
        // What was confirmed before is no answer to what is asked afterwards.
        first.log.confirmLeadership().get(WAIT_S, TimeUnit.SECONDS);
        first.log.confirmLeadership().get(WAIT_S, TimeUnit.SECONDS);
        for (Peer other : List.copyOf(peers)) {
            if (other != first) {
                peers.remove(other);
                other.close();
            }
        }

        assertThatThrownBy(() -> first.log.confirmLeadership().get(WAIT_S, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TractException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_LEADER));
    }

    @Test
    void aFollowerConfirmsNothingAndNamesTheLeader() throws Exception {
        Peer leader = leader();
        format(leader);
        Peer follower =
                peers.stream().filter(peer -> peer != leader).findFirst().orElseThrow();

        assertThatThrownBy(() -> follower.log.confirmLeadership().get(WAIT_S, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("does not lead");
        assertThat(leader.log.peers()).hasSize(3).filteredOn(PeerStatus::leads).hasSize(1);
    }

    /** It would neither have what it had acknowledged nor ever catch up, though it ran. */
    @Test
    void aFollowerWhoseLogRottedDoesNotStartAndNamesTheFile() throws Exception {
        Peer leader = leader();
        format(leader);
        for (int i = 1; i <= 20; i++) {
            leader.mkdir(i, "/d" + i);
        }
        Peer follower =
                peers.stream().filter(peer -> peer != leader).findFirst().orElseThrow();
        while (follower.state.appliedIndex() < leader.state.appliedIndex()) {
            Thread.onSpinWait();
        }
        peers.remove(follower);
        follower.close();
        List<Path> files =
                RatisCommandLog.files(directory.resolve(follower.name).resolve("raft"));
        Path file = files.get(files.size() - 1);
        byte[] bytes = Files.readAllBytes(file);
        int used = bytes.length;
        while (bytes[used - 1] == 0) {
            used--;
        }
        bytes[used / 2] ^= 1;
        Files.write(file, bytes);

        int index = Integer.parseInt(follower.name.substring("metadata-".length())) - 1;
        assertThatThrownBy(() -> new Peer(index))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is damaged");
    }
}
