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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final CommandLog log;
    private final StoreProxies proxies;
    private final LeaderGate gate;
    private final Supplier<ClusterLayout> layout;
    private final Runnable onServing;
    private final Map<Integer, Row> rows = new LinkedHashMap<>();
    private Map<StoreId, StoreInfo> stores = Map.of();
    private boolean storesChanged;
    private volatile @Nullable LeaderView view;

    EffectRunner(
            CommandLog log, StoreProxies proxies, LeaderGate gate, Supplier<ClusterLayout> layout, Runnable onServing) {
        this.log = log;
        this.proxies = proxies;
        this.gate = gate;
        this.layout = layout;
        this.onServing = onServing;
    }

    /** What is published; null while this server does not lead. */
    @Nullable
    LeaderView view() {
        return view;
    }

    void begin(Event.LeadershipGained gained) {
        rows.clear();
        stores = Map.of();
        storesChanged = false;
        ClusterLayout fixed = layout.get();
        TableHistory table = TableHistory.empty(fixed.cluster(), gained.epoch(), fixed.rows(), fixed.columns());
        view = new LeaderView(gained.epoch(), gained.lineage(), table, stores);
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
        } else if (effect instanceof Effect.PublishStores publish) {
            stores = publish.stores();
            storesChanged = true;
            publish(); // The next effect may address a store that is new here.
        } else if (effect instanceof Effect.CommitFloors commit) {
            commit(commit, leader, loop);
        } else if (effect instanceof Effect.RemoveStore remove) {
            LOG.info("event=store-removed store={}", remove.store());
            log.submit(Call.ofSystem(new ClusterCommand.RemoveStore(remove.store())));
        } else if (effect instanceof Effect.ServeWrites) {
            LOG.info("event=serving epoch={}", leader.epoch());
            gate.serve();
            onServing.run();
        } else if (effect instanceof Effect.StepDown down) {
            LOG.error("event=stepped-down epoch={} reason=\"{}\"", leader.epoch(), down.reason());
            gate.fence(down.reason());
        } else {
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
                        outcome = new Event.FloorsFailed(commit.batch());
                    } else if (result instanceof Result.Refused refused) {
                        LOG.error("event=floors-refused reason=\"{}\"", refused.message());
                        outcome = new Event.FloorsRefused(commit.batch());
                    } else {
                        outcome = new Event.FloorsCommitted(commit.batch());
                    }
                    loop.answer(leader.epoch(), outcome);
                });
    }

    /** Makes one image of all that was published since the last one. */
    void publish() {
        LeaderView leader = view;
        if (leader != null && (storesChanged || !rows.isEmpty())) {
            TableHistory table = leader.table().with(rows.values(), stores);
            view = new LeaderView(leader.epoch(), leader.lineage(), table, stores);
            if (!rows.isEmpty()) {
                LOG.info(
                        "event=rows-published epoch={} change={} rows={}",
                        leader.epoch(),
                        table.image().sequence().change(),
                        rows.size());
            }
            rows.clear();
            storesChanged = false;
        }
    }
}
