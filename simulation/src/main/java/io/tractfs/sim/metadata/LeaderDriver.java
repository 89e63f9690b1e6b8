package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.AssignmentConfig;
import io.tractfs.metadata.assignment.AssignmentCore;
import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.TableHistory;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService.Leader;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One leadership: feeds the assignment core and carries out what it wants. Not thread-safe. */
final class LeaderDriver {
    /** The cluster that is simulated. */
    static final ClusterId CLUSTER = new ClusterId(new UUID(1, 1));

    private static final long TICK_NANOS = 50_000_000;

    private final MetadataNode node;
    private final int term;
    private final LeaderPoint point;
    private final AssignmentCore core;
    private final StoreCaller caller;
    private final FileService files;
    private final Deque<Effect> effects = new ArrayDeque<>();
    private TableHistory history;
    private final Map<StoreId, StoreInfo> stores = new HashMap<>();
    private boolean serving;
    private boolean over;
    private boolean stepping;

    LeaderDriver(MetadataNode node, int term, LeaderPoint point, AssignmentConfig config) {
        this.node = node;
        this.term = term;
        this.point = point;
        this.core = new AssignmentCore(config);
        this.caller = new StoreCaller(node, new Leader(point.epoch(), point.lineage()), this::step);
        this.files = new FileService(node, this, new SimulatedLog(node, term));
        this.history = TableHistory.empty(CLUSTER, point.epoch(), config.rows(), config.columns());
    }

    int term() {
        return term;
    }

    /** The table as this leader shows it. */
    TableImage image() {
        return history.image();
    }

    /** What it does for clients that have files. */
    FileService files() {
        return files;
    }

    /** Whether this leadership is over. */
    boolean isOver() {
        return over;
    }

    /** Where a store is, if just this start of it has registered. */
    boolean knows(StoreRef ref) {
        StoreInfo info = stores.get(ref.store());
        return info != null && info.ref().equals(ref);
    }

    /** Whether writes are served (P12). */
    boolean isServing() {
        return serving;
    }

    ClusterView view() {
        return core.view(false, node.process().clock().nanoTime());
    }

    void begin() {
        ClusterRecords records = node.records();
        List<RowVersion> floors = node.off().contains(Rule.CLAIMS_ARE_AT_THE_FLOOR)
                ? Collections.nCopies(records.floors().size(), RowVersion.NONE)
                : records.floors();
        step(new Event.LeadershipGained(point.epoch(), point.lineage(), floors, records.register()));
        files.begin();
        tick();
    }

    void end() {
        over = true;
        step(new Event.LeadershipLost());
    }

    private void tick() {
        if (!over) {
            step(new Event.Tick());
            if (node.off().contains(Rule.HOLDERS_ARE_WAITED_FOR)) {
                giveUpWhoIsAway();
            }
            files.tick();
            node.process().after(TICK_NANOS, this::tick);
        }
    }

    /** What the rule forbids: nobody is waited for who is not there now. */
    private void giveUpWhoIsAway() {
        for (ClusterView.StoreView store : view().stores()) {
            if (!node.peers().store(store.ref().store()).process().isUp()) {
                step(new Event.StoreGivenUp(store.ref().store()));
            }
        }
    }

    /** Takes an event in, and does what follows. */
    void step(Event event) {
        effects.addAll(core.step(event, node.process().clock().nanoTime()));
        if (stepping) {
            return;
        }
        stepping = true;
        while (!effects.isEmpty()) {
            carryOut(effects.remove());
        }
        stepping = false;
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.SendGrant grant) {
            caller.grant(
                    grant,
                    new LeaderPoint(
                            point.epoch(), point.lineage(), node.records().index()));
        } else if (effect instanceof Effect.SendProposal proposal) {
            node.watcher().proposed(proposal.rows());
            caller.propose(proposal);
            if (node.off().contains(Rule.ROWS_ARE_EMPTIED_AFTER_THE_FLOOR)) {
                proposal.rows().forEach(row -> caller.emptyAtOnce(row.row(), image()));
            }
        } else if (effect instanceof Effect.SendPublish publish) {
            caller.publish(publish);
        } else if (effect instanceof Effect.Probe probe) {
            caller.probe(probe);
        } else if (effect instanceof Effect.CommitFloors commit) {
            commit(commit);
        } else if (effect instanceof Effect.PublishRows published) {
            node.watcher().published(published.rows());
            history = history.with(published.rows(), stores);
        } else if (effect instanceof Effect.PublishStore published) {
            stores.put(published.store().ref().store(), published.store());
            history = history.with(List.of(), stores);
        } else if (effect instanceof Effect.RemoveStore removed) {
            node.submit(term, records -> {
                records.removeStore(removed.store());
                return true;
            });
        } else if (effect instanceof Effect.ServeWrites) {
            serving = true;
        } else if (effect instanceof Effect.StepDown down) {
            node.time().note(node.process() + " steps down: " + down.reason());
            node.resign(term);
        }
    }

    private void commit(Effect.CommitFloors commit) {
        if (node.off().contains(Rule.FLOOR_BEFORE_PUBLICATION)) {
            step(new Event.FloorsCommitted(commit.batch()));
            return;
        }
        node.submit(term, records -> records.commitFloors(point, commit.floors()), outcome -> {
            if (outcome instanceof Outcome.Answered<Boolean> done) {
                step(
                        done.value()
                                ? new Event.FloorsCommitted(commit.batch())
                                : new Event.FloorsRefused(commit.batch()));
            } else {
                step(new Event.FloorsFailed(commit.batch()));
            }
        });
    }

    /** The error of a call that needs more than half of the stores. */
    static TractException notServing() {
        return new TractException(ErrorCode.READ_ONLY, "more than half of the stores have yet to grant the epoch");
    }
}
