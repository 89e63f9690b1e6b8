package io.tractfs.metadata.raft;

import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.LogPosition;
import io.tractfs.metadata.namespace.LoggedEntry;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' view of the namespace: entries in, results out. The state's own database is the snapshot; what Ratis may drop of
 * its log is what {@link #makeDurable()} has flushed. Ratis calls apply from one thread; the rest is thread-safe.
 */
final class NamespaceStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceStateMachine.class);

    private final NamespaceState state;
    private final LeadershipListener listener;
    private final RatisConfig config;
    private final CheckpointInstaller installer;
    private final AtomicLong entriesSinceFlush = new AtomicLong();
    private final AtomicLong bytesSinceFlush = new AtomicLong();
    private volatile LogPosition durable;

    /** Takes up a state that was just opened, all of which is durable. */
    NamespaceStateMachine(
            NamespaceState state, LeadershipListener listener, RatisConfig config, CheckpointInstaller installer) {
        this.state = state;
        this.listener = listener;
        this.config = config;
        this.installer = installer;
        this.durable = state.applied();
    }

    /** An entry with the calls that wait for it, as Ratis carries it to {@link #startTransaction}. Immutable. */
    record EntryMessage(PendingEntry entry, org.apache.ratis.thirdparty.com.google.protobuf.ByteString content)
            implements Message {
        @Override
        public org.apache.ratis.thirdparty.com.google.protobuf.ByteString getContent() {
            return content;
        }
    }

    @Override
    public void initialize(RaftServer raftServer, RaftGroupId raftGroupId, RaftStorage storage) throws IOException {
        getLifeCycle().startAndTransition(() -> {
            super.initialize(raftServer, raftGroupId, storage);
            if (durable.index() >= 0) {
                setLastAppliedTermIndex(termIndex(durable));
            }
        });
    }

    /**
     * The leader's log begins after what this follower has: the state is fetched on a thread of its own. Ratis then
     * pauses this machine, has it reinitialized on the thread that applies, and goes on after the new state.
     */
    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex firstInLog) {
        String leader = role.getFollowerInfo().getLeaderInfo().getId().getId().toStringUtf8();
        LOG.info("event=behind-leaders-log leader={} first={} applied={}", leader, firstInLog, state.applied());
        CompletableFuture<TermIndex> fetched = new CompletableFuture<>();
        Thread thread = new Thread(() -> fetch(leader, fetched), "metadata-checkpoint-1");
        thread.setDaemon(true);
        thread.start();
        return fetched;
    }

    private void fetch(String leader, CompletableFuture<TermIndex> fetched) {
        try {
            RaftPeerAddress from =
                    config.peer(leader).orElseThrow(() -> new IOException("No metadata server is named " + leader));
            fetched.complete(termIndex(installer.fetch(from)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=checkpoint-not-fetched leader={} reason=\"{}\"", leader, e.toString());
            fetched.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fetched.completeExceptionally(e);
        }
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        installer.install();
        state.reload();
        durable = state.applied();
        setLastAppliedTermIndex(termIndex(durable));
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
        LOG.info("event=checkpoint-installed applied={}", durable);
    }

    /** A read that only asks whether this peer leads. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        LogPosition position = durable;
        return position.index() < 0 ? null : new FileListSnapshotInfo(List.of(), termIndex(position));
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        TransactionContext.Builder builder = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(request.getMessage().getContent());
        if (request.getMessage() instanceof EntryMessage message) {
            builder.setStateMachineContext(message.entry());
        }
        return builder.build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto logged = transaction.getLogEntry();
        LogPosition position = new LogPosition(logged.getTerm(), logged.getIndex());
        org.apache.ratis.thirdparty.com.google.protobuf.ByteString data =
                logged.getStateMachineLogEntry().getLogData();
        PendingEntry pending = transaction.getStateMachineContext() instanceof PendingEntry entry ? entry : null;
        LoggedEntry entry = pending != null ? pending.entry() : LogCodec.decode(data.asReadOnlyByteBuffer());
        List<Result> results = state.apply(position, entry);
        entriesSinceFlush.incrementAndGet();
        bytesSinceFlush.addAndGet(data.size());
        updateLastAppliedTermIndex(position.term(), position.index());
        if (pending != null) {
            pending.complete(results);
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** Whether this much was applied since the last flush. */
    boolean hasGrownBy(long entries, long bytes) {
        return entriesSinceFlush.get() >= entries || bytesSinceFlush.get() >= bytes;
    }

    /** Flushes the state; from then on Ratis may drop the log up to the position that was reached before. */
    void makeDurable() {
        entriesSinceFlush.set(0);
        bytesSinceFlush.set(0);
        durable = state.flush();
    }

    /** Index up to which the state is durable; -1 for nothing. */
    long durableIndex() {
        return Math.max(-1, durable.index());
    }

    @Override
    public long takeSnapshot() {
        LogPosition position = durable;
        return position.index() < 0 ? RaftLog.INVALID_LOG_INDEX : position.index();
    }

    @Override
    public void notifyLeaderReady() {
        listener.onLeader();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        listener.onFollower();
    }

    private static TermIndex termIndex(LogPosition position) {
        return TermIndex.valueOf(position.term(), position.index());
    }
}
