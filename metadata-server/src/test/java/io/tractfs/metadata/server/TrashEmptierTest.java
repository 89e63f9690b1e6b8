package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.audit.AuditLog;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.InMemoryKeyValueStore;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.raft.InMemoryCommandLog;
import io.tractfs.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrashEmptierTest {
    private static final Requester ROOT = new Requester("root", Set.of(), true);
    private static final long MINUTE = 60_000;
    private static final long START = Instant.parse("2026-03-01T10:00:30Z").toEpochMilli();

    private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    private final NamespaceState state = new NamespaceState(store);
    private final NamespaceReader reader = new NamespaceReader(store);
    private final InMemoryCommandLog log = new InMemoryCommandLog(state, Clock.SYSTEM);
    private int deleted;
    private final TrashEmptier emptier = emptier(10 * MINUTE, 2 * MINUTE);

    private TrashEmptier emptier(long keepMs, long intervalMs) {
        return new TrashEmptier(
                reader,
                log,
                new TrashCheckpoints(ZoneOffset.UTC),
                "root",
                new TrashEmptier.Terms(keepMs, intervalMs),
                () -> deleted++,
                new AuditLog(false, Set.of()));
    }

    @BeforeEach
    void format() {
        ClusterLayout layout = new ClusterLayout(
                new ClusterId(new UUID(1, 1)), 16, 3, new FileDefaults(1 << 20, 3, 1 << 27, 4), "supergroup");
        log.submit(Call.ofSystem(new ClusterCommand.Format(layout, "root"))).join();
        log.submit(Call.ofSystem(new ClusterCommand.TakeEpoch(new Lineage(new UUID(2, 2)))))
                .join();
    }

    private void mkdirs(String path) {
        assertThat(log.submit(new Call(ROOT, CallName.NONE, new FileCommand.Mkdirs(path, 0755, true)))
                        .join())
                .isEqualTo(Result.YES);
    }

    private List<String> names(String path) throws TractException {
        return reader.list(ROOT, path, "", 0, false).entries().stream()
                .map(FileStatus::name)
                .toList();
    }

    @Test
    void makesACheckpointOfWhatWasThrownAwayAndDeletesItWhenItIsOld() throws Exception {
        mkdirs("/user/alice/.Trash/Current/tmp/f");
        mkdirs("/user/bob/no-trash");
        emptier.tick(START);
        assertThat(names("/user/alice/.Trash")).containsExactly("Current");
        emptier.tick(START + 89_000);
        assertThat(names("/user/alice/.Trash")).containsExactly("Current");
        emptier.tick(START + 90_000);
        assertThat(names("/user/alice/.Trash")).containsExactly("260301100200");
        assertThat(names("/user/alice/.Trash/260301100200/tmp")).containsExactly("f");
        emptier.tick(START + 90_000 + 10 * MINUTE);
        assertThat(names("/user/alice/.Trash")).containsExactly("260301100200");
        emptier.tick(START + 90_000 + 12 * MINUTE);
        assertThat(names("/user/alice/.Trash")).isEmpty();
        assertThat(deleted).isEqualTo(1);
    }

    @Test
    void numbersCheckpointsOfTheSameSecond() throws Exception {
        mkdirs("/user/alice/.Trash/260301100030");
        mkdirs("/user/alice/.Trash/260301100030-1");
        mkdirs("/user/alice/.Trash/Current");
        emptier.empty(START);
        assertThat(names("/user/alice/.Trash")).containsExactly("260301100030", "260301100030-1", "260301100030-2");
        emptier.empty(START + 11 * MINUTE);
        assertThat(names("/user/alice/.Trash")).isEmpty();
    }

    @Test
    void leavesAloneWhatIsNoCheckpoint() throws Exception {
        mkdirs("/user/alice/.Trash/mine");
        mkdirs("/user/alice/.Trash/269901100030");
        mkdirs("/user/alice/.Trash/2603011000");
        emptier.empty(START + 20 * MINUTE);
        assertThat(names("/user/alice/.Trash")).containsExactly("269901100030", "mine");
    }

    @Test
    void doesNothingWhileTrashIsOff() throws Exception {
        mkdirs("/user/alice/.Trash/Current");
        TrashEmptier off = emptier(0, 0);
        off.tick(START);
        off.tick(START + 100 * MINUTE);
        assertThat(names("/user/alice/.Trash")).containsExactly("Current");
        assertThat(new TrashEmptier.Terms(10, 0).everyMs()).isEqualTo(10);
        assertThat(new TrashEmptier.Terms(10, 11).everyMs()).isEqualTo(10);
    }
}
