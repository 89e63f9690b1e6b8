package io.tractfs.metadata.server;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.TableHistory;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the assignment core decides: messages to stores, commands for the log, images for readers. What is
 * published while the loop works through a batch of events becomes one image. Confined to the assignment loop, but for
 * {@link #view()}, which is thread-safe.
 */
final class EffectRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);
    private static final long PUBLISH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAILURE_PAUSE_MS = 200;
    private static final Executor AFTER_FAILURE =
            CompletableFuture.delayedExecutor(FAILURE_PAUSE_MS, TimeUnit.MILLISECONDS);

    private final CommandLog log;
    private final StoreProxies proxies;
    private final LeaderGate gate;
    private final Supplier<ClusterLayout> layout;
    private final Runnable onServing;
    private final Clock clock;
    private final Map<Integer, Row> rows = new LinkedHashMap<>();
    private Map<StoreId, StoreInfo> stores = new ConcurrentHashMap<>();
    private Set<StoreId> removed = ConcurrentHashMap.newKeySet();
    private boolean storesChanged;
    private int publishedRows;
    private long loggedNanos;
    private long publishedNanos;
    private volatile @Nullable LeaderView view;

    EffectRunner(
            CommandLog log,
            StoreProxies proxies,
            LeaderGate gate,
            Supplier<ClusterLayout> layout,
            Runnable onServing,
            Clock clock) {
        this.log = log;
        this.proxies = proxies;
        this.gate = gate;
        this.layout = layout;
        this.onServing = onServing;
        this.clock = clock;
        this.loggedNanos = clock.nanoTime() - LOG_NANOS;
        this.publishedNanos = loggedNanos;
    }

    /** What is published; null while this server does not lead. */
    @Nullable
    LeaderView view() {
        return view;
    }

    void begin(Event.LeadershipGained gained) {
        rows.clear();
        stores = new ConcurrentHashMap<>();
        removed = ConcurrentHashMap.newKeySet();
        storesChanged = false;
        ClusterLayout fixed = layout.get();
        TableHistory table = TableHistory.empty(fixed.cluster(), gained.epoch(), fixed.rows(), fixed.columns());
        view = new LeaderView(gained.epoch(), gained.lineage(), table, stores, removed);
        gate.read();
    }

    void end() {
        view = null;
    }

    void run(Effect effect, AssignmentLoop loop) {
        LeaderView leader = view;
        if (leader == null) {
            return;
        }
        if (effect instanceof Effect.PublishRows publish) {
            publish.rows().forEach(row -> rows.put(row.index(), row));
        } else if (effect instanceof Effect.PublishStore publish) {
            stores.put(publish.store().ref().store(), publish.store()); // The next effect may address it.
            removed.remove(publish.store().ref().store());
            storesChanged = true;
        } else if (effect instanceof Effect.CommitFloors commit) {
            commit(commit, leader, loop);
        } else if (effect instanceof Effect.NoteStanding note) {
            LOG.info("event=store-standing store={} standing={}", note.store(), note.standing());
        } else if (effect instanceof Effect.RemoveStore remove) {
            LOG.info("event=store-removed store={}", remove.store());
            removed.add(remove.store());
            log.submit(Call.ofSystem(new ClusterCommand.RemoveStore(remove.store())));
        } else if (effect instanceof Effect.ServeWrites) {
            LOG.info("event=serving epoch={}", leader.epoch());
            gate.serve();
            onServing.run();
        } else if (effect instanceof Effect.StepDown down) {
            LOG.error("event=stepped-down epoch={} reason=\"{}\"", leader.epoch(), down.reason());
            gate.fence(down.reason());
        } else {
            if (effect instanceof Effect.SendProposal proposal) {
                LOG.debug(
                        "event=rows-proposed store={} rows={} version={}",
                        proposal.to(),
                        proposal.rows().size(),
                        proposal.rows().get(0).row().version());
            }
            proxies.send(effect, leader, loop);
        }
    }

    private void commit(Effect.CommitFloors commit, LeaderView leader, AssignmentLoop loop) {
        List<ClusterCommand.RowFloor> floors = new ArrayList<>(commit.floors().size());
        for (Map.Entry<Integer, RowVersion> floor : commit.floors().entrySet()) {
            floors.add(new ClusterCommand.RowFloor(floor.getKey(), floor.getValue()));
        }
        log.submit(Call.ofSystem(new ClusterCommand.CommitFloors(leader.epoch(), leader.lineage(), floors)))
                .whenComplete((result, error) -> {
                    Event outcome;
                    if (error != null) {
                        LOG.warn("event=floors-not-committed reason=\"{}\"", error.toString());
                        // They are committed anew at once when this is heard of: a log that takes nothing needs a
                        // pause.
                        AFTER_FAILURE.execute(
                                () -> loop.answer(leader.epoch(), new Event.FloorsFailed(commit.batch())));
                        return;
                    } else if (result instanceof Result.Refused refused) {
                        LOG.error("event=floors-refused reason=\"{}\"", refused.message());
                        outcome = new Event.FloorsRefused(commit.batch());
                    } else {
                        outcome = new Event.FloorsCommitted(commit.batch());
                    }
                    loop.answer(leader.epoch(), outcome);
                });
    }

    /** Publishes while more events wait: clients pause until they see the rows that are ready. */
    void publishIfDue() {
        if ((storesChanged || !rows.isEmpty()) && clock.nanoTime() - publishedNanos >= PUBLISH_NANOS) {
            publish();
        }
    }

    /** Makes one image of all that was published since the last one. */
    void publish() {
        LeaderView leader = view;
        if (leader != null && (storesChanged || !rows.isEmpty())) {
            TableHistory table = leader.table().with(rows.values(), stores);
            view = new LeaderView(leader.epoch(), leader.lineage(), table, stores, removed);
            publishedNanos = clock.nanoTime();
            publishedRows += rows.size();
            rows.clear();
            storesChanged = false;
        }
        logPublished();
    }

    /** At most one line a second, since members report row by row. */
    private void logPublished() {
        LeaderView leader = view;
        long now = clock.nanoTime();
        if (leader != null && publishedRows > 0 && now - loggedNanos >= LOG_NANOS) {
            LOG.info(
                    "event=rows-published epoch={} change={} rows={}",
                    leader.epoch(),
                    leader.table().image().sequence().change(),
                    publishedRows);
            publishedRows = 0;
            loggedNanos = now;
        }
    }
}
