package io.tractfs.metadata.server;

import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.metadata.raft.LeadershipListener;
import java.util.ArrayList;
import java.util.List;
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

    private final ClusterRecords records;
    private final LeaderGate gate;
    private final Format format;
    private final Supplier<Lineage> lineages;
    private final Executor executor;
    private volatile @Nullable CommandLog log;
    private volatile @Nullable AssignmentLoop loop;
    private volatile boolean leading;
    /** Counts gains and losses: what was begun under an earlier number is not gone on with. */
    private final AtomicLong turns = new AtomicLong();

    /** What an empty log is formatted with. Immutable. */
    record Format(ClusterLayout layout, String starter) {}

    /**
     * A driver that waits for its log and loop.
     *
     * @param lineages draws a random lineage
     * @param executor reads the state and waits for nobody
     */
    LeadershipDriver(
            ClusterRecords records, LeaderGate gate, Format format, Supplier<Lineage> lineages, Executor executor) {
        this.records = records;
        this.gate = gate;
        this.format = format;
        this.lineages = lineages;
        this.executor = executor;
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
                .thenCompose(done -> commands.submit(Call.ofSystem(new ClusterCommand.TakeEpoch(lineage))))
                .thenAcceptAsync(result -> begin(result, lineage, assignment, turn), executor)
                .whenComplete((done, error) -> {
                    if (error != null) {
                        LOG.error("event=leadership-failed", error);
                        if (turns.get() == turn) {
                            gate.follow();
                        }
                    }
                });
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
        Event.LeadershipGained gained = new Event.LeadershipGained(taken.epoch(), lineage, floors, register);
        assignment.lead(gained, () -> turns.get() == turn);
    }
}
