package io.tractfs.sim.recovery;

import io.tractfs.id.TractId;
import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcileEffect;
import io.tractfs.tract.reconcile.ReconcileEffect.Complete;
import io.tractfs.tract.reconcile.ReconcileEffect.Fetch;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.ReconcileEffect.LookUp;
import io.tractfs.tract.reconcile.ReconcileEffect.Seal;
import io.tractfs.tract.reconcile.ReconcileEvent;
import io.tractfs.tract.reconcile.ReconcileEvent.Pair;
import io.tractfs.tract.reconcile.ReconcilePlan;
import io.tractfs.tract.reconcile.ReconcileQueue;
import io.tractfs.tract.reconcile.ReconcileSession;
import io.tractfs.tract.reconcile.SourceLoad;
import io.tractfs.tract.reconcile.Stretch;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A disk that rows were given to: works them off by the real queue and sessions. Not thread-safe. */
final class ReplacementDisk {
    /** A call without bytes: there and back, and a little work. */
    private static final long CALL_NANOS = 300_000;

    private final RecoveryModel model;
    private final int disk;
    private final ReconcileQueue queue;
    private final Map<TractId, Long> writtenAt = new HashMap<>();
    private final SourceLoad load = new SourceLoad();

    ReplacementDisk(RecoveryModel model, StoreRef self) {
        this.model = model;
        this.disk = FailedTable.disk(self);
        this.queue = new ReconcileQueue(self, model.scenario().sessions());
    }

    /** A row that this disk is a new member of. */
    void offer(HeldRow row) {
        queue.add(row, false);
    }

    /** Begins as many sessions as may run. */
    void pump() {
        Optional<ReconcilePlan> plan = queue.next(model.time().nowMs());
        while (plan.isPresent()) {
            ReconcileSession session = new ReconcileSession(
                    withChoice(plan.get()), model.scenario().limits(), load);
            perform(session, session.start());
            plan = queue.next(model.time().nowMs());
        }
    }

    /** FDS asks one holder for all of a row. */
    private ReconcilePlan withChoice(ReconcilePlan plan) {
        return model.scenario().placement() == Placement.PLANNED
                ? plan
                : new ReconcilePlan(plan.row(), plan.version(), plan.sources(), plan.sources());
    }

    private void perform(ReconcileSession session, List<ReconcileEffect> effects) {
        for (ReconcileEffect effect : effects) {
            if (effect instanceof ListRow ask) {
                model.time().after(CALL_NANOS, () -> step(session, page(ask)));
            } else if (effect instanceof LookUp lookUp) {
                List<Pair> pairs = lookUp.tracts().stream()
                        .map(remote -> new Pair(remote, Optional.empty(), false))
                        .toList();
                model.time().after(0, () -> step(session, new ReconcileEvent.LookedUp(lookUp.source(), pairs)));
            } else if (effect instanceof Fetch fetch) {
                fetch(session, fetch.stretch());
            } else if (effect instanceof Seal seal) {
                long written = writtenAt.getOrDefault(seal.tract(), model.time().nowNanos());
                model.at(written, () -> step(session, new ReconcileEvent.Sealed(seal.tract())));
            } else if (effect instanceof Complete) {
                queue.ended(session.plan(), true, model.time().nowMs());
                model.rowIsInSync();
                model.time().after(0, this::pump);
            } else {
                throw new IllegalStateException("Nothing is damaged in this model, and yet: " + effect);
            }
        }
    }

    private void step(ReconcileSession session, ReconcileEvent event) {
        perform(session, session.step(event));
    }

    private ReconcileEvent page(ListRow ask) {
        List<TractState> all = model.tractsOf(ask.row());
        @Nullable TractId after = ask.after();
        int from = after == null ? 0 : after.index() + 1;
        int to = Math.min(all.size(), from + ask.limit());
        return new ReconcileEvent.Listed(ask.source(), all.subList(from, to), to < all.size());
    }

    /** Bytes count as fetched when they are in memory; they are written meanwhile, and sealed when that is done. */
    private void fetch(ReconcileSession session, Stretch stretch) {
        int bytes = stretch.to() - stretch.from();
        model.transfer(FailedTable.disk(stretch.source()), disk, bytes, () -> {
            writtenAt.merge(stretch.remote().tract(), model.write(disk, bytes), Math::max);
            step(session, new ReconcileEvent.Fetched(stretch));
        });
    }
}
