package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.StoreRegistration;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.metadata.raft.LeadershipListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the log's leadership into one of the cluster (P12): formats an empty log, commits an epoch entry with a random
 * lineage, and once it is applied hands floors and register to the assignment loop. Thread-safe.
 */
final class LeadershipDriver implements LeadershipListener {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipDriver.class);
    private static final int FLOORS_AT_ONCE = 8192;

    private final ClusterRecords records;
    private final LeaderGate gate;
    private final Format format;
    private final Supplier<Lineage> lineages;
    private final Executor executor;
    private final Executor later;
    private final RestoreSession restore;
    private volatile @Nullable CommandLog log;
    private volatile @Nullable AssignmentLoop loop;
    private volatile boolean leading;
    /** Counts gains and losses: what was begun under an earlier number is not gone on with. */
    private final AtomicLong turns = new AtomicLong();

    /**
     * Where work is done. Immutable.
     *
     * @param executor reads the state and waits for nobody
     * @param later the same after a short while
     */
    record Threads(Executor executor, Executor later) {}

    /** What an empty log is formatted with. Immutable. */
    record Format(ClusterLayout layout, String starter) {}

    /**
     * A driver that waits for its log and loop.
     *
     * @param lineages draws a random lineage
     * @param threads where its work is done
     * @param restore hears stores if the namespace was restored from a copy
     */
    LeadershipDriver(
            ClusterRecords records,
            LeaderGate gate,
            Format format,
            Supplier<Lineage> lineages,
            Threads threads,
            RestoreSession restore) {
        this.records = records;
        this.gate = gate;
        this.format = format;
        this.lineages = lineages;
        this.executor = threads.executor();
        this.later = threads.later();
        this.restore = restore;
    }

    /** Begins to act, on a leadership that was gained before too. */
    void start(CommandLog commandLog, AssignmentLoop assignmentLoop) {
        loop = assignmentLoop;
        log = commandLog;
        if (leading) {
            lead();
        }
    }

    @Override
    public void onLeader() {
        leading = true;
        lead();
    }

    @Override
    public void onFollower() {
        leading = false;
        turns.incrementAndGet();
        gate.follow();
        restore.close();
        AssignmentLoop assignment = loop;
        if (assignment != null) {
            assignment.follow();
        }
        LOG.info("event=leadership-lost");
    }

    private void lead() {
        CommandLog commands = log;
        AssignmentLoop assignment = loop;
        if (commands == null || assignment == null) {
            return;
        }
        long turn = turns.incrementAndGet();
        gate.start();
        Lineage lineage = lineages.get();
        CompletableFuture.supplyAsync(records::layout, executor)
                .thenCompose(layout ->
                        layout.isPresent() ? CompletableFuture.completedFuture(Result.DONE) : format(commands))
                .thenComposeAsync(
                        done -> records.isRestoring()
                                ? restored(commands, lineage, turn)
                                : commands.submit(Call.ofSystem(new ClusterCommand.TakeEpoch(lineage))),
                        executor)
                .thenAcceptAsync(result -> begin(result, lineage, assignment, turn), executor)
                .whenComplete((done, error) -> {
                    if (error != null) {
                        report(error);
                        if (turns.get() == turn) {
                            gate.follow();
                            later.execute(() -> leadAgain(turn));
                        }
                    }
                });
    }

    /** That a restore hears the stores once more is no failure. */
    private static void report(Throwable error) {
        if (error.getCause() instanceof TractException passing && passing.code() == ErrorCode.STARTING) {
            LOG.warn("event=leadership-begins-anew reason=\"{}\"", passing.getMessage());
        } else {
            LOG.error("event=leadership-failed", error);
        }
    }

    /** The log still says that this server leads: whatever failed, such as a log that was busy, may have passed. */
    private void leadAgain(long turn) {
        if (leading && turns.get() == turn) {
            lead();
        }
    }

    /** Hears all stores before and after it takes an epoch (P30). */
    private CompletableFuture<Result> restored(CommandLog commands, Lineage lineage, long turn) {
        Set<String> without = Set.copyOf(records.restoredWithout());
        Map<StoreId, String> waited = new HashMap<>();
        List<StoreId> givenUp = new ArrayList<>();
        Set<StoreId> gone = new HashSet<>();
        for (StoreRegistration store : records.stores().values()) {
            boolean named = without.contains(store.server());
            if (store.removed() || store.givenUp()) {
                gone.add(store.store());
            } else if (named || without.contains(store.store().toString())) {
                gone.add(store.store());
                givenUp.add(store.store());
            } else {
                waited.put(store.store(), store.server());
            }
        }
        LOG.warn("event=restore-begun stores={} without={}", waited, givenUp);
        CompletableFuture<RestoreSession.Seen> reported =
                restore.open(waited, store -> gone.contains(store) || without.contains(store.toString()));
        gate.restoring(restore::reason);
        return reported.thenCompose(seen -> submit(
                        commands,
                        new ClusterCommand.Restore(lineage, seen.epochs(), seen.index(), seen.garbage(), givenUp),
                        turn))
                .thenComposeAsync(
                        result -> result instanceof Result.EpochTaken taken
                                ? claimed(commands, lineage, taken, turn)
                                : CompletableFuture.completedFuture(result),
                        executor);
    }

    /** What an earlier leadership began is not gone on with: the present one hears all stores itself. */
    private CompletableFuture<Result> submit(CommandLog commands, ClusterCommand command, long turn) {
        return turns.get() == turn
                ? commands.submit(Call.ofSystem(command))
                : CompletableFuture.failedFuture(
                        new TractException(ErrorCode.NOT_LEADER, "The leadership that restored ended meanwhile"));
    }

    private CompletableFuture<Result> claimed(
            CommandLog commands, Lineage lineage, Result.EpochTaken taken, long turn) {
        LOG.warn("event=restore-epoch epoch={}", taken.epoch());
        int columns = records.layout().orElse(format.layout()).columns();
        return restore.claims(taken.epoch(), lineage, taken.index())
                .thenCompose(claims -> end(commands, taken.epoch(), lineage, claims.floors(columns), turn))
                .thenApply(done -> {
                    LOG.warn("event=restore-ended epoch={} result={}", taken.epoch(), done);
                    return done instanceof Result.Refused ? done : taken;
                });
    }

    /** Commits the floors, as many at a time as fit into a command; the last ones end the restore. */
    private CompletableFuture<Result> end(
            CommandLog commands, Epoch epoch, Lineage lineage, List<ClusterCommand.RowFloor> floors, long turn) {
        CompletableFuture<Result> all = CompletableFuture.completedFuture(Result.DONE);
        int from = 0;
        for (; floors.size() - from > FLOORS_AT_ONCE; from += FLOORS_AT_ONCE) {
            ClusterCommand some =
                    new ClusterCommand.CommitFloors(epoch, lineage, floors.subList(from, from + FLOORS_AT_ONCE));
            all = all.thenCompose(
                    before -> before instanceof Result.Refused ? refused(before) : submit(commands, some, turn));
        }
        ClusterCommand last = new ClusterCommand.EndRestore(
                new ClusterCommand.CommitFloors(epoch, lineage, floors.subList(from, floors.size())));
        return all.thenCompose(
                before -> before instanceof Result.Refused ? refused(before) : submit(commands, last, turn));
    }

    private static CompletableFuture<Result> refused(Result result) {
        return CompletableFuture.completedFuture(result);
    }

    private CompletableFuture<Result> format(CommandLog commands) {
        LOG.info(
                "event=format cluster={} rows={} columns={}",
                format.layout().cluster(),
                format.layout().rows(),
                format.layout().columns());
        return commands.submit(Call.ofSystem(new ClusterCommand.Format(format.layout(), format.starter())));
    }

    /** Hands the leadership to the loop, unless it was lost meanwhile; a loss that comes now is told to the loop after. */
    private void begin(Result result, Lineage lineage, AssignmentLoop assignment, long turn) {
        if (!(result instanceof Result.EpochTaken taken)) {
            throw new IllegalStateException("No epoch was taken: " + result);
        }
        List<RowVersion> floors = new ArrayList<>();
        for (long floor : records.floors()) {
            floors.add(new RowVersion(floor));
        }
        List<Event.KnownStore> register = records.stores().values().stream()
                .map(store -> new Event.KnownStore(
                        store.store(),
                        store.incarnation(),
                        store.server(),
                        store.removed(),
                        store.draining(),
                        store.givenUp()))
                .toList();
        LOG.info(
                "event=leadership-gained epoch={} lineage={} index={} stores={}",
                taken.epoch(),
                lineage,
                taken.index(),
                register.size());
        restore.end();
        Event.LeadershipGained gained = new Event.LeadershipGained(taken.epoch(), lineage, floors, register);
        assignment.lead(gained, () -> turns.get() == turn && gate.stopped().isEmpty());
    }
}
