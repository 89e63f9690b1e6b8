package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.ClaimsPage;
import io.tractfs.tract.gate.EmptyOrder;
import io.tractfs.tract.gate.ProposalVerdict;
import io.tractfs.tract.gate.ProposedRow;
import io.tractfs.tract.gate.Published;
import io.tractfs.tract.gate.Step;
import io.tractfs.tract.gate.StoreRows;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Drives {@link StoreRows}: every call runs on the store's control loop, persists what the step says, puts the rows into
 * the gates, waits without blocking until older writes are done (P9), and completes its future only then. Thread-safe.
 */
final class StoreControl {
    private final StoreRows rows;
    private final RowLedger ledger;
    private final Judgement judgement;
    private final Admissions admissions;
    private final Executor loop;
    /** One per session at most. */
    private final Queue<End> ends = new ConcurrentLinkedQueue<>();

    private volatile boolean recovering;
    private volatile Set<Integer> merging;
    private boolean unclean;

    /**
     * A driver.
     *
     * @param rows confined to the loop from now on
     * @param judgement told once, after the last row that a power loss may have cut was judged and merged (P7)
     */
    StoreControl(StoreRows rows, RowLedger ledger, Judgement judgement, Admissions admissions, Executor loop) {
        this.rows = rows;
        this.ledger = ledger;
        this.judgement = judgement;
        this.unclean = rows.isUnclean();
        this.admissions = admissions;
        this.loop = loop;
        this.recovering = rows.isRecovering();
        this.merging = rows.merging();
    }

    /** Whether a row's copy may have been cut with the power of all holders, and was not merged with theirs yet (P7). */
    boolean isMerging(int row) {
        return merging.contains(row);
    }

    /** The disk is an old copy: nothing held is trusted until a plan judges it (P7). */
    CompletableFuture<Boolean> lostWrites() {
        return submit(future -> {
            unclean = true;
            future.complete(rows.lostWrites().answer());
        });
    }

    /** A row was compared with every other holder (P7); what to report. */
    CompletableFuture<Optional<HeldRow>> merged(int row, RowVersion version) {
        return step(() -> rows.merged(row, version));
    }

    /** Whether the store is a member of a row and does not hold all classes of its column. */
    boolean isRecovering() {
        return recovering;
    }

    /** Looks at the epochs of a metadata server (P29). */
    CompletableFuture<Void> show(Collection<LeaderPoint> history) {
        return submit(future -> {
            rows.show(history);
            future.complete(null);
        });
    }

    /** Remembers how far the leader's log has come (P29); completes once that is persisted. */
    CompletableFuture<Boolean> saw(LeaderPoint point) {
        return step(() -> rows.saw(point));
    }

    /** Checks that an order comes from the leader whose epoch is granted (P12). */
    CompletableFuture<Void> check(Epoch epoch, Lineage lineage) {
        return submit(future -> {
            rows.check(epoch, lineage);
            future.complete(null);
        });
    }

    /** Grants an epoch and gives a page of claims (P12). */
    CompletableFuture<ClaimsPage> grant(LeaderPoint leader, int fromRow, int limit) {
        return step(() -> rows.grant(leader, fromRow, limit));
    }

    /** Takes a plan's rows (P8, P9). */
    CompletableFuture<List<ProposalVerdict>> propose(Epoch epoch, Lineage lineage, List<ProposedRow> proposed) {
        return step(() -> rows.propose(epoch, lineage, proposed));
    }

    /** Takes published rows and orders to empty (P13, P15). */
    CompletableFuture<Published> publish(Epoch epoch, Lineage lineage, List<Row> published, List<EmptyOrder> empties) {
        return step(() -> rows.publish(epoch, lineage, published, empties));
    }

    /**
     * Takes the end of a reconcile; completes with the row to report once it is persisted (P11). Ends that come while the
     * disk is busy are persisted together.
     */
    CompletableFuture<Optional<HeldRow>> reconciled(int row, RowVersion version, ClassSet classes) {
        CompletableFuture<Optional<HeldRow>> future = new CompletableFuture<>();
        ends.add(new End(row, version, classes, future));
        CompletableFuture<Void> taken = submit(done -> {
            takeEnds();
            done.complete(null);
        });
        taken.whenComplete((ignored, failure) -> {
            if (failure != null) {
                future.completeExceptionally(failure);
            }
        });
        return future;
    }

    /** The last point of the metadata log that was seen. */
    CompletableFuture<LeaderPoint> leader() {
        return submit(future -> future.complete(rows.leader()));
    }

    /** Whether rows are left that no plan has judged since an unclean start (P7). */
    CompletableFuture<Boolean> isUnclean() {
        return submit(future -> future.complete(rows.isUnclean()));
    }

    private void takeEnds() throws TractException {
        List<HeldRow> changed = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        List<End> taken = new ArrayList<>();
        for (End end = ends.poll(); end != null; end = ends.poll()) {
            Step<Optional<HeldRow>> step = rows.reconciled(end.row(), end.version(), end.classes());
            changed.addAll(step.rows());
            taken.add(end);
            CompletableFuture<Optional<HeldRow>> future = end.future();
            answers.add(() -> future.complete(step.answer()));
        }
        try {
            if (!changed.isEmpty()) {
                ledger.persist(changed);
            }
        } catch (TractException e) {
            taken.forEach(end -> end.future().completeExceptionally(e));
            throw e;
        }
        recovering = rows.isRecovering();
        // The version is the one that the gates hold, so there is nothing to wait for.
        changed.forEach(row -> admissions.advance(row, () -> {}));
        answers.forEach(Runnable::run);
    }

    private <A> CompletableFuture<A> step(Transition<A> transition) {
        return submit(future -> {
            Step<A> step = transition.run();
            // Raised before the rows are persisted: deletes leave tombstones from here on.
            recovering = recovering || rows.isRecovering();
            merging = rows.merging();
            if (step.point().isPresent()) {
                ledger.persist(step.point().get());
            }
            if (!step.rows().isEmpty()) {
                ledger.persist(step.rows());
            }
            if (unclean && !rows.isUnclean()) {
                judgement.judged();
                unclean = false;
            }
            recovering = rows.isRecovering();
            // One more than the rows, so that the answer never goes out before all gates are advanced.
            AtomicInteger left = new AtomicInteger(step.rows().size() + 1);
            Runnable drained = () -> {
                if (left.decrementAndGet() == 0) {
                    future.complete(step.answer());
                }
            };
            step.rows().forEach(row -> admissions.advance(row, drained));
            drained.run();
        });
    }

    private <A> CompletableFuture<A> submit(Task<A> task) {
        CompletableFuture<A> future = new CompletableFuture<>();
        Consumer<Throwable> failed = future::completeExceptionally;
        try {
            loop.execute(() -> {
                try {
                    task.run(future);
                } catch (TractException | RuntimeException e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException e) {
            failed.accept(new TractException(ErrorCode.BUSY, "the store's control queue is full", e));
        }
        return future;
    }

    /** Makes durable that a store's rows are trusted again. */
    interface Judgement {
        /** Clears the mark of an unclean start. */
        void judged() throws TractException;
    }

    private record End(int row, RowVersion version, ClassSet classes, CompletableFuture<Optional<HeldRow>> future) {}

    private interface Transition<A> {
        Step<A> run() throws TractException;
    }

    private interface Task<A> {
        void run(CompletableFuture<A> future) throws TractException;
    }
}
