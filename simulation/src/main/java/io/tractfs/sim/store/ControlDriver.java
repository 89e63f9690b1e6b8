package io.tractfs.sim.store;

import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.table.ClassSet;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.Step;
import io.tractfs.tract.gate.StoreRows;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives {@link StoreRows} as the store's control loop does: one message at a time, persisted, put into the gates,
 * answered when older writes are done (P9). Not thread-safe.
 */
final class ControlDriver {
    private static final long LATE_NANOS = 300_000_000;

    private final StoreRows rows;
    private final StoreDisk disk;
    private final Admissions admissions;
    private final SimulatedProcess process;
    private final DiskTiming timing;
    private final Set<Rule> off;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    /** One message to the rows. */
    interface Transition<A> {
        /** What follows from it. */
        Step<A> run(StoreRows rows) throws TractException;
    }

    ControlDriver(
            StoreRows rows,
            StoreDisk disk,
            Admissions admissions,
            SimulatedProcess process,
            DiskTiming timing,
            Set<Rule> off) {
        this.rows = rows;
        this.disk = disk;
        this.admissions = admissions;
        this.process = process;
        this.timing = timing;
        this.off = off;
    }

    StoreRows rows() {
        return rows;
    }

    /** Takes a message when its turn comes. */
    <A> void submit(Transition<A> transition, Responder<A> answer) {
        waiting.add(() -> run(transition, answer));
        next();
    }

    /** Does work on the loop when its turn comes. */
    void run(DiskWork work) {
        waiting.add(() -> process.after(timing.nanos(1_000_000), () -> {
            try {
                work.run();
            } catch (TractException e) {
                process.note("did not empty a row: " + e.getMessage());
            }
            done();
        }));
        next();
    }

    /** Work on the disk. */
    interface DiskWork {
        /** Does it. */
        void run() throws TractException;
    }

    /** Takes the end of a reconcile (P11). */
    void reconciled(int row, RowVersion version, ClassSet classes, Responder<Optional<HeldRow>> answer) {
        boolean voided = !off.contains(Rule.VERSION_CHANGE_VOIDS_RECONCILE);
        submit(all -> all.reconciled(row, voided ? version : present(row, version), classes), answer);
    }

    /** The disk is an old copy (P7). */
    void lostWrites() {
        submit(StoreRows::lostWrites, new Responder<>() {
            @Override
            public void reply(Boolean news) {}

            @Override
            public void fail(TractException error) {
                throw new IllegalStateException(error);
            }
        });
    }

    /** A row was compared with every other holder (P7). */
    void merged(int row, RowVersion version, Consumer<HeldRow> report) {
        submit(all -> all.merged(row, version), new Responder<>() {
            @Override
            public void reply(Optional<HeldRow> merged) {
                process.note("has merged row " + row + ": " + merged.isPresent());
                if (merged.isPresent()) {
                    disk.merged(row);
                    report.accept(merged.get());
                }
            }

            @Override
            public void fail(TractException error) {
                throw new IllegalStateException(error);
            }
        });
    }

    /** A row as it is held. */
    @Nullable
    HeldRow held(int row) {
        return admissions.of(row).held();
    }

    private RowVersion present(int row, RowVersion otherwise) {
        @Nullable HeldRow held = admissions.of(row).held();
        return held == null ? otherwise : held.row().version();
    }

    private void next() {
        if (!busy && !waiting.isEmpty()) {
            busy = true;
            waiting.remove().run();
        }
    }

    private <A> void run(Transition<A> transition, Responder<A> answer) {
        try {
            Step<A> step = transition.run(rows);
            boolean writes = step.point().isPresent() || !step.rows().isEmpty();
            process.after(writes ? timing.nanos(3_000_000) : 1_000, () -> persist(step, answer));
        } catch (TractException e) {
            answer.fail(e);
            process.after(0, this::done);
        }
    }

    private <A> void persist(Step<A> step, Responder<A> answer) {
        try {
            if (step.point().isPresent() && !off.contains(Rule.GRANTS_ARE_PERSISTED)) {
                disk.persist(step.point().get());
            }
            persist(step.rows());
            step.rows().forEach(this::note);
            if (!rows.isUnclean()) {
                disk.judged();
            }
            int[] left = {step.rows().size() + 1};
            Runnable drained = () -> {
                if (--left[0] == 0) {
                    answer.reply(step.answer());
                }
            };
            boolean drains = !off.contains(Rule.ADMITTED_WRITES_ARE_DRAINED);
            for (HeldRow row : step.rows()) {
                admissions.advance(row, drains ? drained : () -> {});
                if (!drains) {
                    drained.run();
                }
            }
            drained.run();
        } catch (TractException e) {
            answer.fail(e);
        }
        done();
    }

    private void persist(List<HeldRow> changed) throws TractException {
        Set<Integer> merging = rows.merging();
        if (!off.contains(Rule.ROWS_ARE_PERSISTED)) {
            disk.persist(changed, merging);
            return;
        }
        process.after(LATE_NANOS, () -> {
            try {
                disk.persist(changed, merging);
            } catch (TractException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void note(HeldRow row) {
        process.note("has row " + row.row().index() + " @" + row.row().version() + " with "
                + Integer.toBinaryString(row.held().bits()));
    }

    private void done() {
        busy = false;
        next();
    }
}
