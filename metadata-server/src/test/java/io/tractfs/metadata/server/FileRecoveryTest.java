package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.permission.Attributes;
import io.tractfs.metadata.raft.InMemoryCommandLog;
import io.tractfs.metadata.recovery.TailSearch;
import io.tractfs.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileRecoveryTest {
    /** Keeps what is to be run. */
    private static final class Postponing extends ScheduledThreadPoolExecutor {
        private final List<Runnable> postponed = new ArrayList<>();

        Postponing() {
            super(1);
        }

        @Override
        public void execute(Runnable work) {
            postponed.add(work);
        }
    }

    private final List<TractId> fences = new ArrayList<>();
    private final TailMembers silent = new TailMembers() {
        @Override
        public CompletableFuture<List<TailSearch.Answer>> fence(TractId tract) {
            fences.add(tract);
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> cut(TractId tract, int length) {
            return new CompletableFuture<>();
        }
    };
    private final Postponing timer = new Postponing();
    private final FileRecovery recovery = new FileRecovery(
            (segment, generation) -> members(),
            new InMemoryCommandLog(new NamespaceState(new InMemoryKeyValueStore()), Clock.SYSTEM),
            RecoveryTimer.of(timer),
            Clock.SYSTEM,
            Duration.ofSeconds(60),
            (file, generation) -> exists());
    private boolean leads;
    private boolean exists = true;

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private boolean exists() {
        return exists;
    }

    private @Nullable TailMembers members() {
        return leads ? silent : null;
    }

    private static FileStatus generation(long generation) {
        return new FileStatus(
                new FileId(7),
                "file",
                false,
                0,
                new Attributes(0644, "alice", "users", 0, 0),
                3,
                1 << 20,
                0,
                true,
                List.of(new Segment(new BlobId(9), 0, 1 << 16, 3, false)),
                4,
                new Generation(generation));
    }

    @Test
    void whoeverAsksAgainWaitsForTheRecoveryThatIsUnderWay() {
        recovery.start(generation(2), 0);
        recovery.start(generation(2), 0);
        assertThat(timer.postponed).hasSize(1);
    }

    @Test
    void aNewerGenerationSupersedesIt() {
        recovery.start(generation(2), 0);
        recovery.start(generation(3), 0);
        assertThat(timer.postponed).hasSize(2);
    }

    @Test
    void anOlderGenerationThatIsHeardOfLateChangesNothing() {
        recovery.start(generation(3), 0);
        recovery.start(generation(2), 0);
        assertThat(timer.postponed).hasSize(1);
        leads = true;
        timer.postponed.get(0).run();
        assertThat(recovery.isUnderWay(new FileId(7))).isTrue();
    }

    // Its rows may have lost their holders for good; and what is fenced after the delete is garbage.
    @Test
    void theRecoveryOfAFileThatWasDeletedEnds() {
        leads = true;
        recovery.start(generation(2), 0);
        exists = false;
        timer.postponed.get(0).run();
        assertThat(recovery.isUnderWay(new FileId(7))).isFalse();
        assertThat(fences).isEmpty();
    }

    @Test
    void aRecoveryThatEndedIsBegunAnew() {
        recovery.start(generation(2), 0);
        timer.postponed.get(0).run(); // Without a leadership it ends at once.
        recovery.start(generation(2), 0);
        assertThat(timer.postponed).hasSize(2);
    }
}
