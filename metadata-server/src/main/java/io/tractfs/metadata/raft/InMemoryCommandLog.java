package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.LogPosition;
import io.tractfs.metadata.namespace.LoggedEntry;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.time.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log in memory that applies each call at once, in the thread that submits it, after a round trip through the log's
 * format. For tests and simulation. Thread-safe.
 */
public final class InMemoryCommandLog implements CommandLog {
    private static final long TERM = 1;
    private static final long RETENTION_MS = 600_000;

    private final NamespaceState state;
    private final Clock clock;
    private final List<byte[]> entries = new ArrayList<>();

    /** A log over a state; entries go on after what the state has applied. */
    public InMemoryCommandLog(NamespaceState state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    @Override
    public synchronized CompletableFuture<Result> submit(Call call) {
        byte[] bytes = LogCodec.encodeEntry(
                clock.wallMs(), RETENTION_MS, NamespaceLimits.HDFS, List.of(LogCodec.encode(call)));
        entries.add(bytes);
        LoggedEntry decoded = LogCodec.decode(ByteBuffer.wrap(bytes));
        Call logged = decoded.calls().get(0);
        Call watched = new Call(logged.requester(), logged.name(), logged.command(), call.watcher());
        LoggedEntry entry =
                new LoggedEntry(decoded.timeMs(), decoded.retentionMs(), decoded.limits(), List.of(watched));
        LogPosition position = new LogPosition(TERM, state.appliedIndex() + 1);
        return CompletableFuture.completedFuture(state.apply(position, entry).get(0));
    }

    /** Every entry so far, to be replayed. */
    public synchronized List<byte[]> entries() {
        return List.copyOf(entries);
    }

    @Override
    public boolean isLeader() {
        return true;
    }

    @Override
    public CompletableFuture<Void> confirmLeadership() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
