package io.tractfs.sim.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.ClaimsPage;
import io.tractfs.tract.gate.EmptyOrder;
import io.tractfs.tract.gate.ProposalVerdict;
import io.tractfs.tract.gate.ProposedRow;
import io.tractfs.tract.gate.Published;
import io.tractfs.tract.gate.StoreRows;
import io.tractfs.tract.server.GarbageAudit;
import io.tractfs.tract.server.GarbageFollower;
import io.tractfs.tract.server.Tombstones;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of a store's process: what is gone when it dies. Not thread-safe. */
final class StoreLife implements StoreService {
    private static final long AUDIT_INTERVAL_MS = 5_000;

    private final StoreParts parts;
    private final ControlDriver control;
    private final ReconcileDriver reconciler;
    private final TractDriver writes;
    private final ReadDriver reads;
    private final MetadataLink metadata;
    private final GarbageFollower garbage;
    private final GarbageDriver cleaner;
    private final UpkeepDriver upkeep;

    private StoreLife(StoreParts parts, StoreRows rows) throws TractException {
        this.parts = parts;
        this.control =
                new ControlDriver(rows, parts.disk(), parts.admissions(), parts.process(), parts.timing(), parts.off());
        Tombstones tombstones = new Tombstones(parts.disk().ledger());
        this.garbage = new GarbageFollower(
                parts.disk().ref(),
                parts.disk().tracts(),
                parts.disk().ledger(),
                this::isRecovering,
                this::begunSessions,
                row -> true, // No restore is simulated, which alone needs it.
                tombstones,
                true);
        this.metadata = new MetadataLink(parts, control, garbage);
        this.reconciler = new ReconcileDriver(parts, new ReconcileWork(parts, tombstones), control, metadata::report);
        this.upkeep = new UpkeepDriver(parts, parts.disk().rowCount(), reconciler);
        long nowMs = parts.process().clock().monotonicMs();
        GarbageAudit audit = new GarbageAudit(
                parts.disk().ref(), parts.disk().tracts(), garbage, nowMs + AUDIT_INTERVAL_MS, AUDIT_INTERVAL_MS);
        this.cleaner = new GarbageDriver(parts, garbage, audit, metadata);
        this.writes = new TractDriver(parts);
        this.reads = new ReadDriver(parts.disk(), parts.admissions(), parts.off());
    }

    /** Begins a life from what is on the disk. */
    static StoreLife begin(StoreNode node) {
        StoreDisk disk = node.disk();
        try {
            StoreRows rows = new StoreRows(
                    disk.ref(),
                    disk.uncleanThrough(),
                    disk.ledger().leaderPoint(),
                    disk.ledger().load());
            Admissions admissions = new Admissions(disk.ref(), rows.all());
            StoreLife life = new StoreLife(node.parts(admissions), rows);
            life.start();
            return life;
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isRecovering() {
        return control.rows().isRecovering() || reconciler.isFetching();
    }

    private long begunSessions() {
        return reconciler.begunSessions();
    }

    private void start() {
        for (HeldRow row : parts.disk().rows().values()) {
            if (row.row().columnOf(parts.disk().id()) < 0) {
                empty(row);
            }
        }
        reconciler.start();
        metadata.run();
        cleaner.start();
        upkeep.start();
    }

    @Override
    public void grant(StoreRef to, LeaderPoint leader, int fromRow, Responder<ClaimsPage> answer) {
        if (isMe(to, answer)) {
            control.submit(rows -> rows.grant(leader, fromRow, 7), new Responder<>() {
                @Override
                public void reply(ClaimsPage page) {
                    answer.reply(page);
                }

                @Override
                public void fail(TractException error) {
                    if (error.code() == ErrorCode.STARTING) {
                        metadata.registerAgain();
                    }
                    answer.fail(error);
                }
            });
        }
    }

    @Override
    public void propose(
            StoreRef to, Leader leader, List<ProposedRow> proposed, Responder<List<ProposalVerdict>> answer) {
        if (isMe(to, answer)) {
            control.submit(
                    rows -> rows.propose(leader.epoch(), leader.lineage(), floorless(proposed)),
                    then(answer, verdicts -> {
                        reconciler.superseded(accepted(verdicts));
                        answer.reply(verdicts);
                    }));
        }
    }

    /** With the rule off, a proposal seems to build on what the store has. */
    private List<ProposedRow> floorless(List<ProposedRow> proposed) {
        if (!parts.off().contains(Rule.STATE_NEEDS_THE_FLOOR)) {
            return proposed;
        }
        List<ProposedRow> all = new ArrayList<>();
        for (ProposedRow row : proposed) {
            @Nullable HeldRow held = parts.admissions().of(row.row().index()).held();
            if (held == null || row.floor().equals(RowVersion.NONE)) {
                all.add(row);
            } else {
                all.add(new ProposedRow(row.row(), held.row().version(), row.released()));
            }
        }
        return all;
    }

    private List<HeldRow> accepted(List<ProposalVerdict> verdicts) {
        List<HeldRow> accepted = new ArrayList<>();
        for (ProposalVerdict verdict : verdicts) {
            @Nullable HeldRow held = parts.admissions().of(verdict.row()).held();
            if (verdict.accepted() && held != null) {
                accepted.add(held);
            }
        }
        return accepted;
    }

    @Override
    public void publish(
            StoreRef to, Leader leader, List<Row> published, List<EmptyOrder> empties, Responder<Boolean> answer) {
        if (isMe(to, answer)) {
            control.submit(
                    rows -> rows.publish(leader.epoch(), leader.lineage(), published, empties), then(answer, done -> {
                        follow(done);
                        answer.reply(true);
                    }));
        }
    }

    private void follow(Published published) {
        reconciler.superseded(published.emptied());
        reconciler.offer(published.reconcile());
        reconciler.merge(published.merge());
        published.report().forEach(metadata::report);
        published.emptied().forEach(this::empty);
    }

    /** Empties a row on the control loop, unless the store has become a member again (P15). */
    private void empty(HeldRow ordered) {
        int row = ordered.row().index();
        control.run(() -> {
            @Nullable HeldRow held = parts.admissions().of(row).held();
            if (held != null
                    && held.row().version().equals(ordered.row().version())
                    && held.row().columnOf(parts.disk().id()) < 0) {
                parts.disk().removeRow(row);
            }
        });
    }

    private static <A> Responder<A> then(Responder<?> failures, Consumer<A> next) {
        return new Responder<>() {
            @Override
            public void reply(A value) {
                next.accept(value);
            }

            @Override
            public void fail(TractException error) {
                failures.fail(error);
            }
        };
    }

    @Override
    public void probe(Responder<List<StoreRef>> answer) {
        answer.reply(parts.server().stores().stream()
                .map(store -> store.disk().ref())
                .toList());
    }

    @Override
    public void write(Write request, Responder<RowVersion> answer) {
        if (isMe(request.address().store(), answer)) {
            writes.write(request, answer);
        }
    }

    @Override
    public void ensure(Ensure request, Responder<Ensured> answer) {
        if (isMe(request.address().store(), answer)) {
            writes.ensure(request, answer);
        }
    }

    @Override
    public void fence(Fence request, Responder<Tail> answer) {
        if (isMe(request.address().store(), answer)) {
            boolean merging =
                    control.rows().merging().contains(request.address().row());
            if (parts.off().contains(Rule.FENCES_RAISE_THE_GENERATION)) {
                reads.tail(request.address(), request.replication(), answer);
            } else {
                writes.fence(request, merging, answer);
            }
        }
    }

    @Override
    public void cut(Cut request, Responder<Boolean> answer) {
        if (isMe(request.address().store(), answer)) {
            writes.cut(request, answer);
        }
    }

    @Override
    public void tail(Address address, int replication, Responder<Tail> answer) {
        if (isMe(address.store(), answer)) {
            reads.tail(address, replication, answer);
        }
    }

    @Override
    public void list(ListRow request, Responder<Page> answer) {
        if (garbage.mustAsk() && !parts.off().contains(Rule.RETURNED_STORES_ASK)) {
            answer.fail(new TractException(ErrorCode.STARTING, "has yet to ask which blobs are alive"));
        } else if (isMe(request.store(), answer)) {
            reads.list(request, control.rows().merging().contains(request.row()), answer);
        }
    }

    @Override
    public void read(Read request, Responder<Bytes> answer) {
        boolean anyStart =
                request.closed() && request.address().store().incarnation().value() == 0;
        if ((anyStart && isHere(request.address().store()))
                || isMe(request.address().store(), answer)) {
            reads.read(request, answer);
        }
    }

    @Override
    public void damage(Address address, Responder<Boolean> answer) {
        if (parts.off().contains(Rule.COMPLAINTS_ARE_CHECKED)) {
            parts.disk().forget(address.tract());
            answer.reply(true);
            return;
        }
        try {
            answer.reply(upkeep.complain(address.tract(), address.row()));
        } catch (TractException e) {
            answer.fail(e);
        }
    }

    private boolean isHere(StoreRef to) {
        return to.store().equals(parts.disk().id());
    }

    /** Refuses what is meant for another start of the store (P6), or for the disk that was here before. */
    private boolean isMe(StoreRef to, Responder<?> answer) {
        boolean anyStart = parts.off().contains(Rule.CALLS_NAME_THE_START);
        if (to.equals(parts.disk().ref()) || (anyStart && isHere(to))) {
            return true;
        }
        if (!isHere(to)) {
            answer.fail(new TractException(
                    ErrorCode.UNKNOWN_STORE, "serves " + parts.disk().ref() + ", not " + to));
            return false;
        }
        answer.fail(new TractException(
                ErrorCode.STALE_INCARNATION, "runs as " + parts.disk().ref() + ", not " + to));
        return false;
    }
}
