package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that the leader knows of one row. Confined to the assignment loop. */
final class RowState {
    private final int index;
    private final List<HeldCopy> copies = new ArrayList<>(4);
    private RowVersion floor;
    private Row base;
    private RowVersion highest;
    private @Nullable PlanInFlight plan;
    private Set<StoreId> reserved = Set.of();
    private final Consumer<RowState> changed;

    /**
     * A row of which nothing is known but its floor.
     *
     * @param changed told after each change
     */
    RowState(int index, int columns, RowVersion floor, Consumer<RowState> changed) {
        this.index = index;
        this.changed = changed;
        this.floor = floor;
        this.highest = floor;
        this.base = Row.unassigned(index, columns);
    }

    int index() {
        return index;
    }

    /** Version of the last published membership. */
    RowVersion floor() {
        return floor;
    }

    /** The published membership if it is known, else the newest that was claimed, else none. */
    Row base() {
        return base;
    }

    /** Whether the published membership is known: the row is up. */
    boolean isUp() {
        return !floor.equals(RowVersion.NONE) && base.version().equals(floor);
    }

    /** Whether some store may hold a version above the published one, so that the next plan has to supersede it. */
    boolean isSuperseded() {
        return highest.isAfter(floor) || (!isUp() && !base.version().equals(RowVersion.NONE));
    }

    @Nullable
    PlanInFlight plan() {
        return plan;
    }

    /** The membership that is meant to be: the planned one, else the known one. */
    Row intended() {
        return plan == null ? base : plan.row();
    }

    List<HeldCopy> copies() {
        return copies;
    }

    @Nullable
    HeldCopy copyOf(StoreId store) {
        for (HeldCopy copy : copies) {
            if (copy.ref().store().equals(store)) {
                return copy;
            }
        }
        return null;
    }

    /** What a start of a store has; null if it did not say so, or another start did. */
    @Nullable
    HeldCopy copyOf(StoreRef ref) {
        @Nullable HeldCopy copy = copyOf(ref.store());
        return copy != null && copy.ref().equals(ref) ? copy : null;
    }

    /**
     * Classes of its column that a member with a clean copy may have got since it last said what it holds: one that has
     * accepted a version above the published one gets nothing more (P11).
     */
    ClassSet mayHaveGot(StoreRef ref) {
        int column = base.columnOf(ref.store());
        @Nullable Member member = column < 0 ? null : base.columns().at(column);
        @Nullable HeldCopy copy = copyOf(ref);
        if (member == null || !member.ref().equals(ref) || copy == null) {
            return ClassSet.EMPTY;
        }
        if (copy.unclean() || copy.version().isAfter(base.version())) {
            return ClassSet.EMPTY;
        }
        return ClassSet.ofColumn(column, base.columns().count()).minus(copy.held());
    }

    /** Whether a member's copy was cut with the power and is still to be merged with the others (P7). */
    boolean isMerging() {
        for (HeldCopy copy : copies) {
            if (copy.unclean() && base.member(copy.ref().store()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Stores that left with an announcement; as many columns stay vacant for them. */
    Set<StoreId> reserved() {
        return reserved;
    }

    void reserve(Set<StoreId> stores) {
        if (!reserved.equals(stores)) {
            reserved = stores;
            changed.accept(this);
        }
    }

    /** A store said what it has. */
    void setCopy(HeldCopy copy) {
        dropCopy(copy.ref().store());
        copies.add(copy);
        sawVersion(copy.version());
        changed.accept(this);
    }

    /** A store was told to empty the row under a version; one that holds a newer version did not. */
    void emptied(StoreId store, RowVersion version) {
        copies.removeIf(
                copy -> copy.ref().store().equals(store) && !copy.version().isAfter(version));
    }

    void dropCopy(StoreId store) {
        copies.removeIf(copy -> copy.ref().store().equals(store));
    }

    /** Whether a store is a member, or is meant to be one, or is waited for, or has a copy. */
    boolean names(StoreId store) {
        return copyOf(store) != null
                || reserved.contains(store)
                || isNamed(base, store)
                || (plan != null && isNamed(plan.row(), store));
    }

    private static boolean isNamed(Row row, StoreId store) {
        return row.columnOf(store) >= 0
                || row.waiting().stream().anyMatch(away -> away.store().equals(store));
    }

    /** Whether only a change of the stores that it names can make a new plan necessary. */
    boolean isSettled() {
        return plan == null && isUp() && !isSuperseded() && base.waiting().isEmpty() && !hasVacancy(base);
    }

    private static boolean hasVacancy(Row row) {
        for (int column = 0; column < row.columns().count(); column++) {
            if (row.columns().at(column) == null) {
                return true;
            }
        }
        return false;
    }

    /** A store is known to hold a version. */
    void sawVersion(RowVersion version) {
        if (version.isAfter(highest)) {
            highest = version;
            changed.accept(this);
        }
    }

    /** A membership was claimed: the published one is what counts, one above it is better than none (P4). */
    void claimed(Row membership) {
        sawVersion(membership.version());
        boolean published = membership.version().equals(floor);
        boolean newer =
                membership.version().isAfter(floor) && membership.version().isAfter(base.version());
        if (!isUp() && (published || newer)) {
            base = membership;
            changed.accept(this);
        }
    }

    /** A member's state under the known membership changed; false if it is no member of it under that version. */
    boolean setHeld(StoreRef ref, RowVersion version, ClassSet held) {
        int column = base.columnOf(ref.store());
        @Nullable Member member = column < 0 ? null : base.columns().at(column);
        if (member == null || !member.ref().equals(ref) || !base.version().equals(version)) {
            return false;
        }
        ClassSet most = ClassSet.ofColumn(column, base.columns().count()).plus(member.held());
        ClassSet state = held.intersect(most);
        base = new Row(index, version, base.columns().with(column, new Member(ref, state)), base.waiting());
        changed.accept(this);
        return true;
    }

    void propose(PlanInFlight next) {
        plan = next;
        sawVersion(next.row().version());
        changed.accept(this);
    }

    /** The plan's floor is committed: it is the membership now (P13). */
    void publish(Row row) {
        floor = row.version();
        base = row;
        plan = null;
        changed.accept(this);
    }

    /** Gives up a plan that is not being committed; what was proposed has to be superseded. */
    void abandonPlan() {
        plan = null;
        changed.accept(this);
    }
}
