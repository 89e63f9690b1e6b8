package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.permission.Requester;
import io.tractfs.metadata.server.FenceRound;
import io.tractfs.metadata.server.FileRecovery;
import io.tractfs.metadata.server.GarbageCursors;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.metadata.server.LeaseMonitor;
import io.tractfs.metadata.server.RecoveryTimer;
import io.tractfs.metadata.server.TailMembers;
import io.tractfs.metadata.server.TreeSweeper;
import io.tractfs.metadata.server.WriterRecovery;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.table.StoreRef;
import io.tractfs.time.Clock;
import io.tractfs.tract.server.GarbageLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One leadership's part in files: the server's own lease clock, monitor, writer recovery and sweeper, behind the calls of
 * clients. Not thread-safe.
 */
final class FileService {
    /** How long a writer that shows no life may keep a file that somebody wants. */
    static final Duration SOFT = Duration.ofMillis(2_500);

    /** How long it may keep one that nobody wants. */
    private static final Duration HARD = Duration.ofSeconds(6);

    private static final int TICKS_PER_LOOK = 20;
    private static final Requester USER = new Requester("sim", Set.of(), true);

    private final MetadataNode node;
    private final LeaderDriver leader;
    private final SimulatedLog log;
    private final LeaseClock leases = new LeaseClock(SOFT.toNanos(), HARD.toNanos());
    private final LeaseMonitor monitor;
    private final TreeSweeper sweeper;
    private final Clock clock;
    private final GarbageCursors cursors;
    private int ticks;

    FileService(MetadataNode node, LeaderDriver leader, SimulatedLog log) {
        this.node = node;
        this.leader = leader;
        this.log = log;
        this.clock = node.process().clock();
        FileRecovery recovery = new FileRecovery(
                this::members,
                log,
                new ProcessTimer(node.process()),
                clock,
                SOFT,
                (file, generation) -> node.records().reader().holds(CallName.NO_CLIENT, file, generation));
        this.monitor = new LeaseMonitor(
                leases,
                node.records().reader(),
                log,
                new WriterRecovery() {
                    @Override
                    public void start(FileStatus status, long acknowledgedLength) {
                        recovery.start(scaled(status), acknowledgedLength);
                    }

                    @Override
                    public boolean isUnderWay(FileId file) {
                        return recovery.isUnderWay(file);
                    }
                },
                clock);
        this.cursors = new GarbageCursors(node.records().state(), log);
        this.sweeper = new TreeSweeper(node.records().state(), log);
    }

    /** Runs what the server's timer runs. */
    private record ProcessTimer(SimulatedProcess process) implements RecoveryTimer {
        @Override
        public void execute(Runnable work) {
            process.after(0, work);
        }

        @Override
        public void schedule(Runnable work, long delayMs) {
            process.after(delayMs * 1_000_000, work);
        }
    }

    private @Nullable TailMembers members(Segment segment, Generation generation) {
        return leader.isOver()
                ? null
                : new FenceRound(leader.image(), segment, new TailCaller(node, leader, segment, generation));
    }

    /** The namespace's tracts are larger than the simulator's. */
    private FileStatus scaled(FileStatus status) {
        List<Segment> segments = status.segments().stream()
                .map(segment -> new Segment(
                        segment.blob(), segment.length(), node.tractSize(), segment.replication(), segment.ended()))
                .toList();
        return new FileStatus(
                status.file(),
                status.name(),
                status.directory(),
                status.length(),
                status.attributes(),
                status.replication(),
                status.blockSize(),
                status.childCount(),
                status.open(),
                segments,
                status.window(),
                status.generation());
    }

    /** The leadership has begun. */
    void begin() {
        monitor.onLeader();
        sweeper.kick();
    }

    /** Comes with every tick of the leader. */
    void tick() {
        if (++ticks % TICKS_PER_LOOK == 0) {
            monitor.tick();
            cursors.trim();
            sweeper.kick();
        }
    }

    /** How far a store has followed the garbage log. */
    void follows(StoreRef store, long cursor) {
        cursors.report(store.store(), cursor);
    }

    void garbage(long after, int limit, Responder<GarbageLog.Page> answer) {
        whileLeading(answer, () -> {
            NamespaceState state = node.records().state();
            List<GarbageLog.Removed> entries = state.garbage(after, limit).stream()
                    .map(entry -> new GarbageLog.Removed(entry.sequence(), entry.blob()))
                    .toList();
            return new GarbageLog.Page(entries, state.garbageStart(), state.areDeletesHeld());
        });
    }

    void alive(List<BlobId> blobs, Responder<Map<BlobId, Boolean>> answer) {
        whileLeading(answer, () -> {
            Map<BlobId, Boolean> answers = new TreeMap<>();
            blobs.forEach(blob -> answers.put(blob, node.records().state().isAlive(blob)));
            return answers;
        });
    }

    /** A store deletes by what it is told, so a leader tells it that the stores have granted (P12, P35). */
    private <R> void whileLeading(Responder<R> answer, Supplier<R> read) {
        if (!leader.isServing()) {
            answer.fail(LeaderDriver.notServing());
            return;
        }
        log.confirmLeadership().whenComplete((confirmed, error) -> {
            if (error != null) {
                answer.fail(failure(error));
            } else {
                answer.reply(read.get());
            }
        });
    }

    void command(CallName name, FileCommand command, Responder<Result> answer) {
        if (!leader.isServing()) {
            answer.fail(LeaderDriver.notServing());
            return;
        }
        log.submit(new Call(USER, name, command)).whenComplete((result, error) -> {
            if (error != null) {
                answer.fail(failure(error));
            } else {
                answer(name, result, answer);
            }
        });
    }

    private void answer(CallName name, Result result, Responder<Result> answer) {
        if (result instanceof Result.Held held) {
            answer.fail(monitor.conflict(held));
            return;
        }
        if (result instanceof Result.Opened) {
            leases.renew(name.client(), clock.nanoTime());
        } else if (result instanceof Result.Recovering recovering) {
            monitor.start(recovering);
        } else if (result instanceof Result.Answer) {
            sweeper.kick();
        }
        answer.reply(result);
    }

    void open(String path, Responder<FileStatus> answer) {
        log.confirmLeadership().whenComplete((confirmed, error) -> {
            if (error != null) {
                answer.fail(failure(error));
                return;
            }
            try {
                answer.reply(node.records().reader().open(USER, path));
            } catch (TractException e) {
                answer.fail(e);
            }
        });
    }

    void renew(ClientId session, List<LeaseClock.Acknowledged> files, Responder<Set<FileId>> answer) {
        leases.renew(session, clock.nanoTime());
        log.confirmLeadership().whenComplete((confirmed, error) -> {
            if (error != null) {
                answer.fail(failure(error));
            } else {
                answer.reply(monitor.renew(session, files));
            }
        });
    }

    private static TractException failure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof TractException known
                ? known
                : new TractException(ErrorCode.INTERNAL, "failed: " + cause, cause);
    }
}
