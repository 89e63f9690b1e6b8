package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.assignment.AssignmentConfig;
import io.tractfs.metadata.assignment.AssignmentCore;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.metadata.raft.InMemoryCommandLog;
import io.tractfs.time.Clock;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.RpcClient;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipDriverTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 1));
    private static final ClusterLayout LAYOUT =
            new ClusterLayout(CLUSTER, 16, 3, new FileDefaults(1 << 20, 3, 128 << 20, 4), "supergroup");

    private final EventLoops loops = new EventLoops("test", 1);
    private final RpcClient client =
            new RpcClient(RpcClientConfig.defaults(), Identity.of("test", CLUSTER, "test"), loops);
    private final NamespaceState state = new NamespaceState(new InMemoryKeyValueStore());
    private final BusyLog log = new BusyLog(new InMemoryCommandLog(state, Clock.SYSTEM));
    private final LeaderGate gate = new LeaderGate();
    private final List<Runnable> later = new ArrayList<>();
    private final LeadershipDriver driver = new LeadershipDriver(
            state,
            gate,
            new LeadershipDriver.Format(LAYOUT, "root"),
            () -> new Lineage(new UUID(9, 9)),
            new LeadershipDriver.Threads(Runnable::run, later::add),
            new RestoreSession(client));
    private final AssignmentLoop loop = new AssignmentLoop(
            "test",
            new AssignmentCore(new AssignmentConfig(16, 3, 3, new AssignmentConfig.Timing(1, 1, 1, 1, 1, 1))),
            new EffectRunner(log, new StoreProxies(client, log, state, 1), gate, () -> LAYOUT, () -> {}, Clock.SYSTEM),
            Clock.SYSTEM,
            () -> {});

    /** Refuses epoch entries while it is busy. */
    private static final class BusyLog implements CommandLog {
        private final CommandLog log;
        private boolean busy;

        BusyLog(CommandLog log) {
            this.log = log;
        }

        @Override
        public CompletableFuture<Result> submit(Call call) {
            return busy && call.command() instanceof ClusterCommand.TakeEpoch
                    ? CompletableFuture.failedFuture(new TractException(ErrorCode.BUSY, "the queue is full"))
                    : log.submit(call);
        }

        @Override
        public boolean isLeader() {
            return true;
        }

        @Override
        public CompletableFuture<Void> confirmLeadership() {
            return log.confirmLeadership();
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        client.close();
        loops.close();
    }

    @Test
    void triesAgainWhenItsFirstEntryWasNotTaken() {
        log.busy = true;
        driver.start(log, loop);
        driver.onLeader();
        assertThat(state.epochs()).isEmpty();
        assertThat(later).hasSize(1);

        log.busy = false;
        later.remove(0).run();

        assertThat(state.epochs()).hasSize(1);
        assertThat(state.epochs().get(0).epoch()).isEqualTo(new Epoch(1));
        assertThat(later).isEmpty();
    }

    @Test
    void triesNoMoreOnceTheLeadershipIsLost() {
        log.busy = true;
        driver.start(log, loop);
        driver.onLeader();
        driver.onFollower();
        log.busy = false;

        later.remove(0).run();

        assertThat(state.epochs()).isEmpty();
    }
}
