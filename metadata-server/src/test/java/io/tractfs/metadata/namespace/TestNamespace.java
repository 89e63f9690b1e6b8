package io.tractfs.metadata.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Lineage;
import io.tractfs.metadata.permission.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A formatted namespace in memory, with a leadership, whose log and clock a test drives. Not thread-safe. */
final class TestNamespace {
    static final Requester ROOT = new Requester("root", Set.of("root"), true);
    static final Requester ALICE = new Requester("alice", Set.of("users", "staff"), false);
    static final Requester BOB = new Requester("bob", Set.of("users"), false);
    static final ClientId FIRST = new ClientId(new UUID(0, 1));
    static final ClientId SECOND = new ClientId(new UUID(0, 2));
    static final Lineage LINEAGE = new Lineage(new UUID(9, 9));
    static final ClusterLayout LAYOUT = new ClusterLayout(
            new ClusterId(new UUID(5, 5)), 64, 3, new FileDefaults(1 << 20, 3, 128 << 20, 4), "supergroup");
    private static final long RETENTION_MS = 600_000;

    final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
    final NamespaceState state = new NamespaceState(store);
    final NamespaceReader reader = new NamespaceReader(store);
    final List<LoggedEntry> log = new ArrayList<>();
    long timeMs = 1_000_000;
    NamespaceLimits limits = NamespaceLimits.HDFS;
    private long calls;

    TestNamespace() {
        assertThat(system(new ClusterCommand.Format(LAYOUT, "root"))).isEqualTo(Result.DONE);
        system(new ClusterCommand.TakeEpoch(LINEAGE));
    }

    Result system(ClusterCommand command) {
        return apply(Call.ofSystem(command)).get(0);
    }

    Result run(Requester requester, FileCommand command) {
        return run(requester, FIRST, command);
    }

    Result run(Requester requester, ClientId client, FileCommand command) {
        return apply(new Call(requester, new CallName(client, ++calls), command))
                .get(0);
    }

    List<Result> apply(Call... batch) {
        LoggedEntry entry = new LoggedEntry(timeMs, RETENTION_MS, limits, List.of(batch));
        log.add(entry);
        return state.apply(new LogPosition(1, state.appliedIndex() + 1), entry);
    }

    static FileCommand.Create creation(String path, boolean overwrite) {
        return new FileCommand.Create(path, 0644, overwrite, true, false, 0, 0, 0, 0);
    }

    FileStatus create(Requester requester, String path) {
        return opened(run(requester, creation(path, false)));
    }

    /** Creates and closes a file of one segment. */
    FileStatus file(Requester requester, String path, long length) {
        FileStatus open = create(requester, path);
        return close(FIRST, open, length);
    }

    FileStatus close(ClientId client, FileStatus open, long length) {
        Result result = run(ROOT, client, new FileCommand.Complete(open.file(), open.generation(), length, true));
        assertThat(result).isInstanceOf(Result.Status.class);
        return ((Result.Status) result).status();
    }

    void mkdirs(Requester requester, String path) {
        mkdirs(requester, path, 0755);
    }

    void mkdirs(Requester requester, String path, int permission) {
        assertThat(run(requester, new FileCommand.Mkdirs(path, permission, true)))
                .isEqualTo(Result.YES);
    }

    FileStatus status(String path) {
        try {
            FileStatus status = reader.status(ROOT, path);
            return status.directory() ? status : reader.open(ROOT, path);
        } catch (TractException e) {
            throw new AssertionError(e);
        }
    }

    boolean exists(String path) {
        try {
            reader.status(ROOT, path);
            return true;
        } catch (TractException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
            return false;
        }
    }

    List<String> names(String path) {
        try {
            return reader.list(ROOT, path, "", 0, false).entries().stream()
                    .map(FileStatus::name)
                    .toList();
        } catch (TractException e) {
            throw new AssertionError(e);
        }
    }

    static FileStatus opened(Result result) {
        assertThat(result).isInstanceOf(Result.Opened.class);
        return ((Result.Opened) result).status();
    }

    static void assertRefused(Result result, ErrorCode code) {
        assertThat(result).isInstanceOf(Result.Refused.class);
        assertThat(((Result.Refused) result).code()).isEqualTo(code);
    }
}
