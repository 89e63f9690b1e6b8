package io.tractfs.sim.store;

import io.tractfs.error.TractException;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcileEffect;
import io.tractfs.tract.reconcile.ReconcileEvent;
import io.tractfs.tract.reconcile.ReconcileLimits;
import io.tractfs.tract.reconcile.ReconcilePlan;
import io.tractfs.tract.reconcile.ReconcileQueue;
import io.tractfs.tract.reconcile.ReconcileSession;
import io.tractfs.tract.reconcile.SourceLoad;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a store's reconcile sessions as the tract server's reconciler does: the queue says which row, the session what to
 * do. Not thread-safe.
 */
final class ReconcileDriver {
    private static final long TICK_NANOS = 50_000_000;
    private static final int SESSIONS = 4;
    /** Small, so that sessions have many steps. */
    private static final ReconcileLimits LIMITS = new ReconcileLimits(3, 1024, 2);

    private final StoreRef self;
    private final ReconcileQueue queue;
    private final ControlDriver control;
    private final ReconcileWork work;
    private final Consumer<HeldRow> report;
    private final SimulatedProcess process;
    private final EventQueue time;
    private final Set<Rule> off;
    private final Map<Integer, ReconcileSession> sessions = new HashMap<>();
    private final SourceLoad load = new SourceLoad();
    private long begun;

    ReconcileDriver(StoreParts parts, ReconcileWork work, ControlDriver control, Consumer<HeldRow> report) {
        this.self = parts.disk().ref();
        this.queue = new ReconcileQueue(self, SESSIONS);
        this.control = control;
        this.work = work;
        this.report = report;
        this.process = parts.process();
        this.time = parts.time();
        this.off = parts.off();
    }

    void start() {
        process.after(TICK_NANOS, () -> {
            pump();
            start();
        });
    }

    /** Rows got new versions: their sessions are void (P11). */
    void superseded(Collection<HeldRow> rows) {
        for (HeldRow row : rows) {
            queue.remove(row.row().index());
            dropOtherVersion(row);
        }
    }

    /** Rows whose floors are committed, in which this store is recovering. */
    void offer(Collection<HeldRow> rows) {
        for (HeldRow row : rows) {
            dropOtherVersion(row);
            queue.add(row, false);
        }
        pump();
    }

    /** Rows whose unclean copies are used (P7). */
    void merge(Collection<HeldRow> rows) {
        for (HeldRow row : rows) {
            boolean compares = !off.contains(Rule.UNCLEAN_COPIES_ARE_MERGED);
            if (compares && ReconcilePlan.forHealing(row, self).isPresent()) {
                queue.add(row, true);
            } else {
                control.merged(row.row().index(), row.row().version(), report);
            }
        }
        pump();
    }

    /** A tract of a row is damaged here: everything is compared with other holders (P25). */
    void heal(int row) {
        @Nullable HeldRow known = control.held(row);
        if (known != null && known.published()) {
            queue.add(known, true);
            pump();
        }
    }

    private void dropOtherVersion(HeldRow row) {
        @Nullable ReconcileSession session = sessions.get(row.row().index());
        if (session != null
                && !session.plan().version().equals(row.row().version())
                && !off.contains(Rule.VERSION_CHANGE_VOIDS_RECONCILE)) {
            perform(session, session.step(new ReconcileEvent.Voided()));
        }
    }

    /** Whether anything is being fetched, or will be. */
    boolean isFetching() {
        return !sessions.isEmpty() || queue.size() > 0;
    }

    /** Sessions that have begun. */
    long begunSessions() {
        return begun;
    }

    private void pump() {
        Optional<ReconcilePlan> plan = queue.next(time.nowMs());
        while (plan.isPresent()) {
            ReconcileSession session = new ReconcileSession(plan.get(), LIMITS, load);
            sessions.put(plan.get().row(), session);
            begun++;
            perform(session, session.start());
            plan = queue.next(time.nowMs());
        }
    }

    private void perform(ReconcileSession session, List<ReconcileEffect> effects) {
        for (ReconcileEffect effect : effects) {
            if (effect instanceof ReconcileEffect.Complete complete) {
                if (session.plan().comparesAll()) {
                    control.merged(complete.row(), complete.version(), report);
                }
                complete(session.plan(), complete);
            } else if (effect instanceof ReconcileEffect.GiveUp) {
                ended(session.plan(), false);
            } else {
                work.perform(session.plan(), effect, event -> perform(session, session.step(event)));
            }
        }
    }

    private void complete(ReconcilePlan plan, ReconcileEffect.Complete complete) {
        control.reconciled(complete.row(), complete.version(), complete.classes(), new Responder<>() {
            @Override
            public void reply(Optional<HeldRow> row) {
                ended(plan, true);
                row.ifPresent(report);
            }

            @Override
            public void fail(TractException error) {
                ended(plan, false);
            }
        });
    }

    private void ended(ReconcilePlan plan, boolean done) {
        sessions.remove(plan.row());
        queue.ended(plan, done, time.nowMs());
        if (!isFetching() && !control.rows().isRecovering()) {
            work.allInSync();
        }
        process.after(0, this::pump);
    }
}
