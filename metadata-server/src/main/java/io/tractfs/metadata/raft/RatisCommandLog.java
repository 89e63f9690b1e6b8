package io.tractfs.metadata.raft;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLogBase;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on Apache Ratis, of one peer or of several, in process. Entries are synced to disk before they are applied; a torn tail of the
 * log, which nobody was told of, is cut at the start. Thread-safe.
 */
public final class RatisCommandLog implements CommandLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisCommandLog.class);
    private static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.fromString("7472616c-6674-5f6d-6574-616461746131"));

    private final RaftServer server;
    private final CommandBatcher batcher;
    private final LogCutter cutter;
    private final RatisConfig config;
    private final LeadershipCheck check = new LeadershipCheck(this::ask);
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Clock clock;

    /** Highest commit index that the last question about the leadership can have been answered for. */
    private volatile long askedAt = -1;

    private RatisCommandLog(RaftServer server, LogCutter cutter, RatisConfig config, Clock clock) {
        this.server = server;
        this.config = config;
        this.clock = clock;
        this.batcher = new CommandBatcher(
                this::append, config.limits(), config.retentionMs(), config.namespaceLimits(), clock);
        this.cutter = cutter;
    }

    /**
     * Starts the peer: brings the state up to the log and leads as soon as it can, which the listener is told.
     *
     * @param installer brings the leader's state if this peer is behind the start of the leader's log
     * @param mayFlush whether the disk has the space that flushing the state takes; the log waits for it
     * @throws IOException if the log cannot be opened: in use, damaged before its tail, or not ours
     */
    public static RatisCommandLog start(
            RatisConfig config,
            NamespaceState state,
            LeadershipListener listener,
            CheckpointInstaller installer,
            BooleanSupplier mayFlush,
            Clock clock)
            throws IOException {
        Files.createDirectories(config.directory());
        Path group = groupDirectory(config.directory());
        prepare(config, group, state);
        NamespaceStateMachine machine = new NamespaceStateMachine(
                state, config.isAlone() ? saving(group, listener) : listener, config, installer);
        boolean known = Files.isDirectory(group);
        RaftServer server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(config.peer()))
                .setGroup(RaftGroup.valueOf(GROUP, peers(config)))
                .setStateMachine(machine)
                .setProperties(RatisSettings.of(config))
                .setParameters(parameters(config))
                .setOption(known ? RaftStorage.StartupOption.RECOVER : RaftStorage.StartupOption.FORMAT)
                .build();
        RatisCommandLog log =
                new RatisCommandLog(server, new LogCutter(server, GROUP, machine, config, mayFlush), config, clock);
        log.batcher.start();
        try {
            server.start();
        } catch (RuntimeException e) {
            // Ratis checks what it reads by assertions.
            log.batcher.close();
            throw new IOException(
                    "The log in " + config.directory() + " cannot be opened: it is damaged (" + e + ")", e);
        }
        log.cutter.start();
        return log;
    }

    private static Parameters parameters(RatisConfig config) {
        Parameters parameters = new Parameters();
        RaftPortGuard guard = new RaftPortGuard(config.port());
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, (server, types) -> guard.guard(server));
        return parameters;
    }

    /** Where Ratis keeps the files of our group. */
    static Path groupDirectory(Path directory) {
        return directory.resolve(GROUP.getUuid().toString());
    }

    /** The files of the log of a running peer in a directory, oldest first; the last may be written to at the moment. */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(groupDirectory(directory).resolve("current"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(JoinedLog.PREFIX))
                    .sorted()
                    .toList();
        }
    }

    /** Looks after the files of a stopped peer. What a lone peer may mend alone, one of several may not. */
    private static void prepare(RatisConfig config, Path group, NamespaceState state) throws IOException {
        FlushedMark mark = new FlushedMark(config.directory());
        mark.check(state.appliedIndex());
        // What a start drops of the log has been flushed when the database was opened.
        mark.write(state.appliedIndex());
        // Ratis' memory of the peers has no checksum, and is not needed: they never change.
        Files.deleteIfExists(group.resolve("current").resolve("raft-meta.conf"));
        if (config.isAlone()) {
            RaftMetaCopy.repair(group, Math.max(0, state.applied().term()));
            AppliedSegments.drop(group, state.appliedIndex());
        } else {
            AppliedSegments.requireReadable(group, state.appliedIndex());
        }
    }

    private static List<RaftPeer> peers(RatisConfig config) {
        if (config.isAlone()) {
            return List.of(peer(config.peer(), config.bind()));
        }
        return config.peers().stream().map(one -> peer(one.name(), one.raft())).toList();
    }

    private static RaftPeer peer(String name, HostPort address) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(name))
                .setAddress(address.toString())
                .build();
    }

    /** Keeps a copy of the term once this peer leads in it. */
    private static LeadershipListener saving(Path group, LeadershipListener listener) {
        return new LeadershipListener() {
            @Override
            public void onLeader() {
                try {
                    RaftMetaCopy.save(group);
                } catch (IOException e) {
                    LOG.warn("event=raft-meta-not-copied group={} reason=\"{}\"", group, e.toString());
                }
                listener.onLeader();
            }

            @Override
            public void onFollower() {
                listener.onFollower();
            }
        };
    }

    @Override
    public CompletableFuture<Result> submit(Call call) {
        return batcher.submit(call);
    }

    @Override
    public CompletableFuture<Result> submit(Call call, Executor later) {
        return batcher.submit(call, later);
    }

    private CompletableFuture<Void> append(PendingEntry entry) {
        NamespaceStateMachine.EntryMessage message =
                new NamespaceStateMachine.EntryMessage(entry, UnsafeByteOperations.unsafeWrap(entry.encode()));
        return request(message, RaftClientRequest.writeRequestType());
    }

    private CompletableFuture<Void> request(Message message, RaftClientRequest.Type type) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(GROUP)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            // The server's own method would hand each request to a pool, which costs a wake-up and may change their
            // order.
            reply = ((RaftClientAsynchronousProtocol) server.getDivision(GROUP)).submitClientRequestAsync(request);
        } catch (IOException | IllegalStateException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, error) -> {
            Throwable failure = error != null ? error : answer.getException();
            if (failure != null) {
                throw new CompletionException(translate(failure));
            }
            return null;
        });
    }

    private TractException translate(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NotLeaderException || cause instanceof LeaderNotReadyException) {
            return error(ErrorCode.NOT_LEADER, "This metadata server does not lead", cause);
        } else if (cause instanceof ResourceUnavailableException) {
            return error(ErrorCode.BUSY, "The log takes no more entries now", cause);
        } else if (cause instanceof ServerNotReadyException || cause instanceof AlreadyClosedException) {
            return error(ErrorCode.SHUTTING_DOWN, "The log is not running", cause);
        } else if (cause instanceof IllegalStateException && !isRunning()) {
            // A log that was closed by a write that failed takes no entry: the caller asks the server that starts next.
            return error(ErrorCode.SHUTTING_DOWN, "The log is not running", cause);
        }
        if (!isRunning()) {
            // The call may be in the log: its attempt with the next leader is told what became of it (P34).
            return error(ErrorCode.CONNECTION_LOST, "The log ended meanwhile", cause);
        }
        return error(ErrorCode.INTERNAL, "The log failed: " + cause, cause);
    }

    private static TractException error(ErrorCode code, String message, @Nullable Throwable cause) {
        return new TractException(code, message, cause);
    }

    @Override
    public boolean isLeader() {
        try {
            return server.getDivision(GROUP).getInfo().isLeaderReady();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<Void> confirmLeadership() {
        if (!isLeader()) {
            return CompletableFuture.failedFuture(
                    error(ErrorCode.NOT_LEADER, "This metadata server does not lead", null));
        }
        // A lone peer has nobody who could lead instead, and answers nothing before it is applied.
        return config.isAlone() ? CompletableFuture.completedFuture(null) : check.confirm();
    }

    /**
     * Asks the other peers whether this one leads, and waits for what was acknowledged by then to be applied. Ratis takes
     * heartbeats that acknowledged the same commit index at any time before for an answer, and a peer that follows has the
     * leader answer in its place: so an entry without calls is logged where the log has not moved since the last question,
     * and this peer has to lead in the same term before and after. One question is under way at a time.
     */
    private CompletableFuture<Void> ask() {
        long term;
        long committed;
        try {
            term = server.getDivision(GROUP).getInfo().getCurrentTerm();
            committed = committedIndex();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(error(ErrorCode.SHUTTING_DOWN, "The log is not running", e));
        }
        CompletableFuture<Void> answer = committed <= askedAt
                ? append(new PendingEntry(clock.wallMs(), config.retentionMs(), config.namespaceLimits(), List.of()))
                : request(Message.EMPTY, RaftClientRequest.readRequestType());
        return answer.thenRun(() -> requireStillLeading(term));
    }

    private void requireStillLeading(long term) {
        try {
            askedAt = committedIndex();
            if (isLeader() && server.getDivision(GROUP).getInfo().getCurrentTerm() == term) {
                return;
            }
        } catch (IOException e) {
            throw new CompletionException(error(ErrorCode.SHUTTING_DOWN, "The log is not running", e));
        }
        throw new CompletionException(error(ErrorCode.NOT_LEADER, "This metadata server does not lead any more", null));
    }

    private long committedIndex() throws IOException {
        return server.getDivision(GROUP).getRaftLog().getLastCommittedIndex();
    }

    /** The peer that leads, as far as this one knows. */
    public Optional<RaftPeerAddress> leader() {
        try {
            @Nullable RaftPeerId leader = server.getDivision(GROUP).getInfo().getLeaderId();
            return leader == null ? Optional.empty() : config.peer(leader.toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The peers, this one among them; empty if it is alone. */
    public List<PeerStatus> peers() {
        Optional<RaftPeerAddress> leader = leader();
        Map<String, ServerRpcProto> heard = new HashMap<>();
        Map<String, Long> matched = new HashMap<>();
        long last = followers(heard, matched);
        return config.peers().stream()
                .map(peer -> new PeerStatus(
                        peer,
                        leader.isPresent() && leader.get().equals(peer),
                        Math.max(0, last - matched.getOrDefault(peer.name(), last)),
                        heard.containsKey(peer.name()) ? heard.get(peer.name()).getLastRpcElapsedTimeMs() : 0))
                .toList();
    }

    /** What a leader knows of its followers; gives the last index of its log. */
    private long followers(Map<String, ServerRpcProto> heard, Map<String, Long> matched) {
        try {
            RaftServer.Division division = server.getDivision(GROUP);
            List<ServerRpcProto> followers =
                    division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
            long[] indices = division.getInfo().getFollowerMatchIndices();
            for (int i = 0; i < followers.size(); i++) {
                String name = followers.get(i).getId().getId().toStringUtf8();
                heard.put(name, followers.get(i));
                if (indices != null && indices.length == followers.size()) {
                    matched.put(name, indices[i]);
                }
            }
            return division.getRaftLog().getNextIndex() - 1;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The present term, as far as this peer knows. */
    public long term() throws IOException {
        return server.getDivision(GROUP).getInfo().getCurrentTerm();
    }

    /** Whether the log still runs; it ends by itself when applying fails or the disk does. */
    public boolean isRunning() {
        try {
            RaftServer.Division division = server.getDivision(GROUP);
            // A write that failed closes the log alone: its division runs on, and takes nothing any more.
            return division.getInfo().getLifeCycleState() == LifeCycle.State.RUNNING
                    && !(division.getRaftLog() instanceof RaftLogBase log && !log.isOpened());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        cutter.close();
        batcher.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The log did not close cleanly", e);
        }
    }
}
