package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.table.StoreRef;
import io.tractfs.time.Clock;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.reconcile.ReconcileEffect;
import io.tractfs.tract.reconcile.ReconcileEffect.Complete;
import io.tractfs.tract.reconcile.ReconcileEffect.GiveUp;
import io.tractfs.tract.reconcile.ReconcileEvent;
import io.tractfs.tract.reconcile.ReconcileEvent.Voided;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a store's reconcile sessions: the queue says which row, the session what to do, {@link ReconcileWork} does it.
 * All state is confined to the store's reconcile loop; the methods may be called from any thread.
 */
final class StoreReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(StoreReconciler.class);
    private static final long TICK_MS = 50;

    /** After a comparison that found no sound copy, readers who meet the same damage have none repeated for so long. */
    private static final long FUTILE_PAUSE_MS = 2_000;

    /** Most single tracts that are brought at a time, beside the sessions of rows. */
    static final int MOST_SINGLE = 8;

    private final StoreRef self;
    private final Admissions admissions;
    private final ReconcileQueue queue;
    private final ReconcileLimits limits;
    private final ReconcileWork work;
    private final StoreControl control;
    private final Consumer<HeldRow> report;
    private final ScheduledThreadPoolExecutor loop;
    private final Clock clock;
    private final Map<Integer, ReconcileSession> sessions = new HashMap<>();
    /** At most {@value #MOST_SINGLE}. */
    private final Map<ReconcileSession, CompletableFuture<Void>> single = new HashMap<>();

    /** Rows of which nobody could give all, with the time from which on they are compared again. */
    private final Map<Integer, Long> futile = new HashMap<>();

    private final SourceLoad load = new SourceLoad();
    private volatile int waitingRows;
    private volatile boolean fetching;
    private final AtomicLong begun = new AtomicLong();

    /**
     * A reconciler without rows.
     *
     * @param report told of each row whose state grew, after it was persisted
     */
    StoreReconciler(
            StoreRef self,
            Admissions admissions,
            ReconcileQueue queue,
            ReconcileLimits limits,
            ReconcileWork work,
            StoreControl control,
            Consumer<HeldRow> report,
            ScheduledThreadPoolExecutor loop,
            Clock clock) {
        this.self = self;
        this.admissions = admissions;
        this.queue = queue;
        this.limits = limits;
        this.work = work;
        this.control = control;
        this.report = report;
        this.loop = loop;
        this.clock = clock;
    }

    /** Begins to look for rows whose pause is over. */
    void start() {
        loop.scheduleWithFixedDelay(this::pump, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Rows got new versions: their sessions are void (P11). */
    void superseded(Collection<HeldRow> rows) {
        execute(() -> rows.forEach(row -> {
            queue.remove(row.row().index());
            futile.remove(row.row().index());
            dropOtherVersion(row);
        }));
    }

    /** Rows whose floors are committed, in which this store is recovering. */
    void offer(Collection<HeldRow> rows) {
        execute(() -> {
            for (HeldRow row : rows) {
                dropOtherVersion(row);
                queue.add(row, false);
            }
            pump();
        });
    }

    /** Rows whose unclean copies are used: what other holders have more is fetched first (P7). */
    void merge(Collection<HeldRow> rows) {
        execute(() -> {
            for (HeldRow row : rows) {
                if (ReconcilePlan.forHealing(row, self).isPresent()) {
                    LOG.info(
                            "event=row-merges store={} row={} version={}",
                            self,
                            row.row().index(),
                            row.row().version());
                    queue.add(row, true);
                } else {
                    merged(row.row().index(), row.row().version());
                }
            }
            pump();
        });
    }

    private void merged(int row, RowVersion version) {
        CompletableFuture<Optional<HeldRow>> unused = control.merged(row, version)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("event=row-not-merged store={} row={}", self, row, failure);
                    } else {
                        done.ifPresent(report);
                    }
                });
    }

    /** A tract of a row is damaged here, everything is compared with other holders (P25). */
    void heal(int row) {
        boolean unused = execute(() -> {
            if (futile.getOrDefault(row, Long.MIN_VALUE) <= clock.monotonicMs()) {
                LOG.warn("event=row-damaged store={} row={}", self, row);
                boolean unusedAnswer = compare(row);
            }
        });
    }

    /**
     * Compares all that a row has here with other holders, if its membership is published.
     *
     * @return whether there is nothing left to begin: it has begun, or the store has no part in the row, or nobody else has
     */
    boolean compare(int row) {
        @Nullable HeldRow known = admissions.of(row).held();
        if (known == null
                || known.row().columnOf(self.store()) < 0
                || ReconcilePlan.forHealing(known, self).isEmpty()) {
            return true;
        }
        if (known.published()) {
            boolean unused = execute(() -> {
                queue.add(known, true);
                pump();
            });
        }
        return known.published();
    }

    /**
     * Brings one tract, whatever else goes on in its row (P33). Fails with the session's reason, or BUSY while many are
     * being brought.
     *
     * @param plan of one tract
     */
    CompletableFuture<Void> fetch(ReconcilePlan plan) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean taken = execute(() -> {
            if (single.size() >= MOST_SINGLE) {
                done.completeExceptionally(
                        new TractException(ErrorCode.BUSY, "the store brings " + MOST_SINGLE + " tracts already"));
                return;
            }
            ReconcileSession session = new ReconcileSession(plan, limits, load);
            single.put(session, done);
            sessionBegins();
            perform(session, session.start());
        });
        if (!taken) {
            done.completeExceptionally(new TractException(ErrorCode.SHUTTING_DOWN, "store " + self + " stops"));
        }
        return done;
    }

    /** Bytes that were fetched from other stores since the start. */
    long fetchedBytes() {
        return work.fetchedBytes();
    }

    /** Rows that wait for a session or have one. */
    int waitingRows() {
        return waitingRows;
    }

    /**
     * Whether anything is being fetched, and so may bring back what is deleted now. With {@link #begunSessions} the follower
     * of the garbage log also learns of sessions that began and ended since it looked last.
     */
    boolean isFetching() {
        return fetching;
    }

    /** Sessions that ever began. */
    long begunSessions() {
        return begun.get();
    }

    /** Before its first list is asked for. */
    private void sessionBegins() {
        fetching = true;
        begun.incrementAndGet();
    }

    private void dropOtherVersion(HeldRow row) {
        dropOtherVersion(sessions.get(row.row().index()), row);
        for (ReconcileSession session : List.copyOf(single.keySet())) {
            dropOtherVersion(session, row);
        }
    }

    private void dropOtherVersion(@Nullable ReconcileSession session, HeldRow row) {
        if (session != null
                && session.plan().row() == row.row().index()
                && !session.plan().version().equals(row.row().version())) {
            perform(session, session.step(new Voided()));
        }
    }

    private void pump() {
        try {
            Optional<ReconcilePlan> plan = queue.next(clock.monotonicMs());
            while (plan.isPresent()) {
                ReconcileSession session = new ReconcileSession(plan.get(), limits, load);
                sessions.put(plan.get().row(), session);
                sessionBegins();
                perform(session, session.start());
                plan = queue.next(clock.monotonicMs());
            }
            waitingRows = queue.size();
            if (fetching) {
                settle(); // A row may have left the queue without a session.
            }
        } catch (RuntimeException e) {
            LOG.error("event=reconcile-loop-failed store={}", self, e);
        }
    }

    private void onEvent(ReconcileSession session, ReconcileEvent event) {
        execute(() -> perform(session, session.step(event)));
    }

    private void perform(ReconcileSession session, List<ReconcileEffect> effects) {
        for (ReconcileEffect effect : effects) {
            @Nullable CompletableFuture<Void> waiting = session.isEnded() ? single.remove(session) : null;
            if (waiting != null) {
                settle();
            }
            if (waiting != null && effect instanceof GiveUp failed) {
                waiting.completeExceptionally(new TractException(
                        failed.code(), "tract " + session.plan().only() + " could not be brought: " + failed.code()));
            } else if (waiting != null) {
                waiting.complete(null);
            } else if (effect instanceof Complete complete) {
                if (session.plan().comparesAll()) {
                    merged(complete.row(), complete.version());
                }
                complete(session.plan(), complete);
            } else if (effect instanceof GiveUp failed) {
                ended(session.plan(), false);
                logPause(failed);
            } else {
                work.perform(session.plan(), effect, event -> onEvent(session, event));
            }
        }
    }

    /** A source that is gone or a version that changed is nothing special; what is wrong here is. */
    private void logPause(GiveUp failed) {
        switch (failed.code()) {
            case DISK_FULL, STORE_FAILED, INTERNAL, IO_ERROR ->
                LOG.warn("event=reconcile-paused store={} row={} code={}", self, failed.row(), failed.code());
            default -> LOG.debug("event=reconcile-paused store={} row={} code={}", self, failed.row(), failed.code());
        }
    }

    /** Everything is on disk: persist the state, then report it (P11). */
    private void complete(ReconcilePlan plan, Complete complete) {
        futile.remove(complete.row());
        if (complete.lostBytes() > 0) {
            futile.put(complete.row(), clock.monotonicMs() + FUTILE_PAUSE_MS);
            LOG.error(
                    "event=bytes-lost store={} row={} version={} bytes={}",
                    self,
                    complete.row(),
                    complete.version(),
                    complete.lostBytes());
        }
        control.reconciled(complete.row(), complete.version(), complete.classes())
                .whenComplete((row, failure) -> execute(() -> {
                    ended(plan, failure == null);
                    if (failure != null) {
                        LOG.warn(
                                "event=reconcile-not-persisted store={} row={} reason={}",
                                self,
                                complete.row(),
                                Failures.of(failure).getMessage());
                    } else {
                        row.ifPresent(this::reached);
                    }
                }));
    }

    private void reached(HeldRow row) {
        LOG.debug(
                "event=row-reconciled store={} row={} version={} held={}",
                self,
                row.row().index(),
                row.row().version(),
                row.held().bits());
        report.accept(row);
        if (queue.size() == 0) {
            LOG.info("event=rows-reconciled store={} recovering={}", self, control.isRecovering());
        }
    }

    private void ended(ReconcilePlan plan, boolean done) {
        sessions.remove(plan.row());
        queue.ended(plan, done, clock.monotonicMs());
        settle();
        execute(this::pump);
    }

    /** Takes note of whether anything is left to fetch. */
    private void settle() {
        fetching = queue.size() > 0 || !single.isEmpty();
        if (!fetching && !control.isRecovering()) {
            work.allInSync();
        }
    }

    /** Runs a task on the loop; whether it was taken. */
    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("event=reconcile-stopped store={}", self);
            return false;
        }
    }

    /** Turns a failure into a code for the session. */
    static ErrorCode code(Throwable failure) {
        TractException error = Failures.of(failure);
        if (error.code() == ErrorCode.INTERNAL) {
            LOG.error("event=reconcile-step-failed", error);
        }
        return error.code();
    }
}
