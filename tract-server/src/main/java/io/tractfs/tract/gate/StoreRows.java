package io.tractfs.tract.gate;

import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One store's rows: what it was assigned, what it holds of it, and whose orders it obeys. A state machine: each call
 * takes a message of the leader and returns what to persist before it is answered ({@link Step}). Confined to the
 * store's control loop.
 */
public final class StoreRows {
    private final StoreRef self;
    private final LeaderTrust trust;
    private final TreeMap<Integer, HeldRow> rows;
    private final Set<Integer> unclean;
    private final Set<Integer> recovering = new HashSet<>();

    /** Rows whose unclean copies are used, and were not merged with those of the other holders since (P7). */
    private final Set<Integer> merging = new HashSet<>();

    /**
     * The rows of a store that starts.
     *
     * @param uncleanThrough the incarnation that a power loss ended, {@link Incarnation#NONE} if there was none or every
     *     row was judged and merged since: of what the store held then it keeps only what the leader's next proposal leaves
     *     it; what was judged at an earlier start may not have been merged (P7)
     * @param point last leader that was granted
     * @param held rows as they were persisted
     */
    public StoreRows(StoreRef self, Incarnation uncleanThrough, LeaderPoint point, Map<Integer, HeldRow> held) {
        this.self = self;
        this.trust = new LeaderTrust(point);
        this.rows = new TreeMap<>(held);
        this.unclean = new HashSet<>();
        if (!uncleanThrough.equals(Incarnation.NONE)) {
            for (HeldRow row : rows.values()) {
                if (isCut(row, uncleanThrough)) {
                    unclean.add(row.row().index());
                } else if (!row.held().isEmpty()) {
                    merging.add(row.row().index());
                }
            }
        }
        rows.values().forEach(this::judge);
    }

    /** Last point of the metadata log that was seen. */
    public LeaderPoint leader() {
        return trust.granted();
    }

    /** Looks at the epochs of a metadata server; LINEAGE_MISMATCH if its log lacks the point seen last (P29). */
    public void show(Collection<LeaderPoint> history) throws TractException {
        trust.show(history);
    }

    /** Takes note of how far the log of the granted leader has come (P29). */
    public Step<Boolean> saw(LeaderPoint point) {
        boolean later = trust.saw(point);
        return new Step<>(later ? Optional.of(point) : Optional.empty(), List.of(), later);
    }

    /** Whether an epoch was in the history that was shown last, so that it can be granted. */
    public boolean isShown(Epoch epoch) {
        return trust.isShown(epoch);
    }

    /** Grants an epoch, which is persisted before the claims are given (P12). */
    public Step<ClaimsPage> grant(LeaderPoint leader, int fromRow, int limit) throws TractException {
        boolean changed = trust.grant(leader);
        return new Step<>(changed ? Optional.of(leader) : Optional.empty(), List.of(), claims(fromRow, limit));
    }

    /** Checks that an order comes from the leader whose epoch is granted (P12). */
    public void check(Epoch epoch, Lineage lineage) throws TractException {
        trust.check(epoch, lineage);
    }

    /** Takes the rows of a plan, each on its own (P8, P9). */
    public Step<List<ProposalVerdict>> propose(Epoch epoch, Lineage lineage, List<ProposedRow> proposed)
            throws TractException {
        trust.check(epoch, lineage);
        List<HeldRow> changed = new ArrayList<>();
        List<ProposalVerdict> verdicts = new ArrayList<>();
        for (ProposedRow proposal : proposed) {
            Optional<HeldRow> next = accept(epoch, proposal);
            next.ifPresent(this::put);
            ProposalVerdict verdict = verdict(proposal.row());
            HeldRow held = rows.get(proposal.row().index());
            if (verdict.accepted() && held != null) {
                // A repeated proposal too: its answer waits for the same older writes as the first one's (P9).
                changed.add(held);
            }
            verdicts.add(verdict);
        }
        return new Step<>(Optional.empty(), changed, verdicts);
    }

    /** Takes rows whose floors are committed, and orders to empty others (P13, P15). */
    public Step<Published> publish(Epoch epoch, Lineage lineage, List<Row> published, List<EmptyOrder> empties)
            throws TractException {
        trust.check(epoch, lineage);
        List<HeldRow> changed = new ArrayList<>();
        List<HeldRow> reconcile = new ArrayList<>();
        List<HeldRow> merge = new ArrayList<>();
        List<HeldRow> report = new ArrayList<>();
        List<HeldRow> emptied = new ArrayList<>();
        for (Row row : published) {
            @Nullable HeldRow held = rows.get(row.index());
            @Nullable HeldRow next = isMember(row) ? underPublished(row, held) : null;
            if (next == null) {
                continue;
            }
            if (!next.equals(held)) {
                put(next);
                changed.add(next);
            }
            if (!next.held().containsAll(ownClasses(row))) {
                reconcile.add(next);
            }
            if (merging.contains(row.index())) {
                merge.add(next);
            }
            if (!stated(row).containsAll(next.held()) && !merging.contains(row.index())) {
                report.add(next);
            }
        }
        for (EmptyOrder order : empties) {
            empty(order).ifPresent(row -> {
                put(row);
                changed.add(row);
                emptied.add(row);
            });
        }
        return new Step<>(Optional.empty(), changed, new Published(reconcile, merge, report, emptied));
    }

    /**
     * Takes the end of a reconcile, whose bytes are synced: the state is persisted, then reported (P11), but not while the row
     * is being merged: a report says that nothing was cut (P7). A version change in between voids it.
     */
    public Step<Optional<HeldRow>> reconciled(int row, RowVersion version, ClassSet classes) {
        HeldRow held = rows.get(row);
        if (held == null || !held.row().version().equals(version) || !isMember(held.row())) {
            return Step.of(Optional.empty());
        }
        HeldRow next =
                new HeldRow(held.row(), held.held().plus(classes.intersect(ownClasses(held.row()))), held.published());
        put(next);
        return new Step<>(
                Optional.empty(), List.of(next), merging.contains(row) ? Optional.empty() : Optional.of(next));
    }

    /** The disk is an old copy: no row that it holds is trusted until a plan judges it (P7). */
    public Step<Boolean> lostWrites() {
        boolean news = false;
        for (HeldRow held : rows.values()) {
            // A row that was emptied holds nothing to judge, and no plan would ever do it.
            if (held.row().columnOf(self.store()) >= 0) {
                news |= unclean.add(held.row().index());
            }
        }
        return Step.of(news);
    }

    /** A row was compared with every other holder under a version, and what they have more is on disk: to be reported (P7). */
    public Step<Optional<HeldRow>> merged(int row, RowVersion version) {
        HeldRow held = rows.get(row);
        boolean done = held != null && held.row().version().equals(version) && merging.remove(row);
        return Step.of(done ? Optional.ofNullable(held) : Optional.empty());
    }

    /** Rows whose unclean copies are used and not merged yet: nobody may take their ends for the ends of files (P7). */
    public Set<Integer> merging() {
        return Set.copyOf(merging);
    }

    /** A page of the rows, from one on. */
    public ClaimsPage claims(int fromRow, int limit) {
        List<Row> page = new ArrayList<>();
        Set<Integer> cut = new HashSet<>();
        for (HeldRow held : rows.tailMap(fromRow, true).values()) {
            if (page.size() == limit) {
                return new ClaimsPage(page, held.row().index(), cut);
            }
            page.add(claim(held));
            if (isCut(held.row().index())) {
                cut.add(held.row().index());
            }
        }
        return new ClaimsPage(page, 0, cut);
    }

    /** Whether the store is a member of a row and does not hold all classes of its column. */
    public boolean isRecovering() {
        return !recovering.isEmpty();
    }

    /** Every row, as it is held. */
    public Collection<HeldRow> all() {
        return List.copyOf(rows.values());
    }

    /** Whether rows are left whose bytes a power loss may have cut, and that were not judged, or not merged since (P7). */
    public boolean isUnclean() {
        return !unclean.isEmpty() || !merging.isEmpty();
    }

    /** Whether a row's bytes may have been cut: it names a start of the store that did not outlive the power loss. */
    private boolean isCut(HeldRow row, Incarnation uncleanThrough) {
        return row.row()
                .member(self.store())
                .filter(member -> member.ref().incarnation().compareTo(uncleanThrough) <= 0)
                .isPresent();
    }

    /** Whether others may have more of a row than a power loss left here (P7). */
    private boolean isCut(int row) {
        return unclean.contains(row) || merging.contains(row);
    }

    private void put(HeldRow row) {
        HeldRow before = rows.put(row.row().index(), row);
        if (before != null && !before.row().version().equals(row.row().version())) {
            boolean cut = unclean.remove(row.row().index());
            if (row.held().isEmpty()) {
                merging.remove(row.row().index());
            } else if (cut) {
                merging.add(row.row().index());
            }
        }
        judge(row);
    }

    private void judge(HeldRow row) {
        if (row.held().containsAll(ownClasses(row.row()))) {
            recovering.remove(row.row().index());
        } else {
            recovering.add(row.row().index());
        }
    }

    /** The row under a publication; null if the store holds a newer or another one. */
    private @Nullable HeldRow underPublished(Row row, @Nullable HeldRow held) {
        if (held != null && isSameMembership(held.row(), row)) {
            return new HeldRow(row, held.held(), true);
        }
        if (held != null && !row.version().isAfter(held.row().version())) {
            return null;
        }
        // Its proposal never arrived: the floor is committed, so the store holds nothing of it but what it is awaited
        // for.
        return new HeldRow(row, waitedFor(row, held).intersect(ownClasses(row)), true);
    }

    private Optional<HeldRow> accept(Epoch epoch, ProposedRow proposal) {
        Row row = proposal.row();
        HeldRow held = rows.get(row.index());
        RowVersion present = held == null ? RowVersion.NONE : held.row().version();
        if (!row.version().epoch().equals(epoch) || !row.version().isAfter(present) || !isMember(row)) {
            return Optional.empty();
        }
        return Optional.of(new HeldRow(row, stateUnder(proposal, held), false));
    }

    /** The store's own state under a proposal (P8). */
    private ClassSet stateUnder(ProposedRow proposal, @Nullable HeldRow held) {
        Row row = proposal.row();
        ClassSet own = held == null ? ClassSet.EMPTY : held.held();
        if (proposal.floor().equals(RowVersion.NONE)) {
            // Nothing was ever published, so nothing was ever written: who is told that he holds it all does.
            return own.plus(stated(row)).intersect(mostClasses(row));
        }
        ClassSet kept = held == null || held.row().version().isBefore(proposal.floor()) ? waitedFor(row, held) : own;
        ClassSet trusted = isCut(row.index()) ? kept.intersect(stated(row)) : kept;
        ClassSet given = proposal.released().intersect(stated(row));
        return trusted.plus(given).intersect(mostClasses(row));
    }

    /** Classes that the store holds and is listed as waiting for, at a version that it has. */
    private ClassSet waitedFor(Row row, @Nullable HeldRow held) {
        ClassSet classes = ClassSet.EMPTY;
        if (held != null) {
            for (var waiting : row.waiting()) {
                if (waiting.store().equals(self.store())
                        && !held.row().version().isBefore(waiting.version())) {
                    classes = classes.plus(waiting.classes());
                }
            }
            return classes.intersect(held.held());
        }
        return classes;
    }

    private ProposalVerdict verdict(Row proposed) {
        HeldRow held = rows.get(proposed.index());
        if (held == null) {
            return new ProposalVerdict(proposed.index(), false, RowVersion.NONE, ClassSet.EMPTY, false);
        }
        boolean accepted = isSameMembership(held.row(), proposed) && isMember(proposed);
        return new ProposalVerdict(
                proposed.index(), accepted, held.row().version(), held.held(), isCut(proposed.index()));
    }

    private Optional<HeldRow> empty(EmptyOrder order) {
        HeldRow held = rows.get(order.row());
        if (held == null
                || order.version().isBefore(held.row().version())
                || (order.version().equals(held.row().version()) && isMember(held.row()))) {
            return Optional.empty();
        }
        Row without = new Row(
                order.row(),
                order.version(),
                Columns.vacant(held.row().columns().count()),
                List.of());
        return Optional.of(new HeldRow(without, ClassSet.EMPTY, true));
    }

    /** Whether two rows are the same membership; the members' states may differ. */
    private static boolean isSameMembership(Row one, Row other) {
        if (!one.version().equals(other.version())
                || one.columns().count() != other.columns().count()) {
            return false;
        }
        for (int column = 0; column < one.columns().count(); column++) {
            @Nullable Member here = one.columns().at(column);
            @Nullable Member there = other.columns().at(column);
            if (here == null ? there != null : there == null || !here.ref().equals(there.ref())) {
                return false;
            }
        }
        return true;
    }

    private boolean isMember(Row row) {
        return VersionGate.isMember(row, 0, self);
    }

    private ClassSet ownClasses(Row row) {
        int column = row.columnOf(self.store());
        return column < 0
                ? ClassSet.EMPTY
                : ClassSet.ofColumn(column, row.columns().count());
    }

    /** What the store may hold: the classes of its column, and what the leader says that it holds beyond it. */
    private ClassSet mostClasses(Row row) {
        return ownClasses(row).plus(stated(row));
    }

    /** The state that the leader ascribes to this store. */
    private ClassSet stated(Row row) {
        return row.member(self.store()).map(Member::held).orElse(ClassSet.EMPTY);
    }

    private Row claim(HeldRow held) {
        Row row = held.row();
        int column = row.columnOf(self.store());
        @Nullable Member member = column < 0 ? null : row.columns().at(column);
        if (member == null || member.held().equals(held.held())) {
            return row;
        }
        return new Row(
                row.index(),
                row.version(),
                row.columns().with(column, new Member(member.ref(), held.held())),
                row.waiting());
    }
}
