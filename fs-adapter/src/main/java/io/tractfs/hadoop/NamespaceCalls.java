package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.SafeModeChange;
import io.tractfs.client.Space;
import io.tractfs.client.TractFsClient;
import io.tractfs.client.TreeSummary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.QuotaUsage;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.fs.permission.FsAction;

/** Calls about names, counted for the file system's statistics. Thread-safe. */
final class NamespaceCalls {
    /** HDFS's word for the policy of a file that has copies; directories have none. */
    private static final String REPLICATED = "Replicated";

    private final ClusterSession session;
    private final Supplier<FileSystem.Statistics> statistics;

    /** Calls of a session, counted in what {@code FileContext} may replace after the start. */
    NamespaceCalls(ClusterSession session, Supplier<FileSystem.Statistics> statistics) {
        this.session = session;
        this.statistics = statistics;
    }

    /** A call about a path. */
    interface Call<T> {
        /** Calls it. */
        T on(TractFsClient client, String name) throws IOException;
    }

    /** A call about a path, without a result. */
    interface Action {
        /** Calls it. */
        void on(TractFsClient client, String name) throws IOException;
    }

    /** A call that changes something. */
    <T> T change(String name, Call<T> call) throws IOException {
        statistics.get().incrementWriteOps(1);
        return session.call(name, client -> call.on(client, name));
    }

    /** A call that changes something and answers nothing. */
    void run(String name, Action action) throws IOException {
        statistics.get().incrementWriteOps(1);
        session.run(name, client -> action.on(client, name));
    }

    /** A call that changes nothing. */
    <T> T ask(String name, Call<T> call) throws IOException {
        statistics.get().incrementReadOps(1);
        return session.call(name, client -> call.on(client, name));
    }

    /** What is below a path. */
    ContentSummary contentSummary(String path) throws IOException {
        TreeSummary sum = ask(path, TractFsClient::contentSummary);
        return new ContentSummary.Builder()
                .length(sum.length())
                .fileCount(sum.fileCount())
                .directoryCount(sum.directoryCount())
                .spaceConsumed(sum.spaceConsumed())
                .erasureCodingPolicy(sum.directoryCount() == 0 ? REPLICATED : "")
                .build();
    }

    /** What is below a path, as it counts for quotas, of which there are none. */
    QuotaUsage quotaUsage(String path) throws IOException {
        TreeSummary sum = ask(path, TractFsClient::contentSummary);
        return new QuotaUsage.Builder()
                .fileAndDirectoryCount(sum.fileCount() + sum.directoryCount())
                .spaceConsumed(sum.spaceConsumed())
                .build();
    }

    /** Fails unless the caller has the rights on a path. */
    void requireAccess(String path, FsAction mode) throws IOException {
        boolean unused = ask(path, (client, name) -> {
            client.access(name, bits(mode));
            return true;
        });
    }

    /** Capacity of the cluster, and what of it is used and left. */
    FsStatus space() throws IOException {
        Space space = ask(Path.SEPARATOR, (client, name) -> client.space());
        return new FsStatus(space.capacity(), space.used(), space.remaining());
    }

    /** Whether safe mode is on after an action. A forced exit is an ordinary one. */
    boolean safeMode(SafeModeAction action) throws IOException {
        SafeModeChange change = switch (action) {
            case GET -> SafeModeChange.NONE;
            case ENTER -> SafeModeChange.ENTER;
            case LEAVE, FORCE_EXIT -> SafeModeChange.LEAVE;
        };
        return change(Path.SEPARATOR, (client, name) -> client.safeMode(change));
    }

    private static int bits(FsAction mode) {
        return (mode.implies(FsAction.READ) ? 4 : 0)
                | (mode.implies(FsAction.WRITE) ? 2 : 0)
                | (mode.implies(FsAction.EXECUTE) ? 1 : 0);
    }

    /** Whether nobody writes a file. */
    boolean isFileClosed(String path) throws IOException {
        FileInfo info = ask(path, TractFsClient::status);
        if (info.directory()) {
            throw new FileNotFoundException("Path is not a file: " + path);
        }
        return !info.open();
    }
}
