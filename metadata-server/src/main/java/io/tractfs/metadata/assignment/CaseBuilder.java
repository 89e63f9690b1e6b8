package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.Copy;
import io.tractfs.metadata.planning.RowCase;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a row needs another plan and what its stores' copies are worth under one (P4, P7, P8). Confined to the
 * assignment loop.
 */
final class CaseBuilder {
    private final StoreTable stores;
    private final Complaints complaints;
    private final Outbox outbox;
    private List<StoreId> silent = List.of();
    private Set<StoreId> givenUp = Set.of();
    private boolean nobodyElseMayClaim;

    CaseBuilder(StoreTable stores, Complaints complaints, Outbox outbox) {
        this.stores = stores;
        this.complaints = complaints;
        this.outbox = outbox;
    }

    /** Begins a round of planning: looks once for stores that do not answer proposals, and for those given up. */
    void begin(long now) {
        silent = outbox.silent(now);
        givenUp = stores.givenUp();
        nobodyElseMayClaim = !givenUp.isEmpty() && stores.everybodyElseIsHere();
    }

    /** Whether the membership is not what it should be, given the number of usable stores. */
    boolean needsPlan(RowState row, IntSupplier usableStores) {
        if (isUnknown(row)) {
            return isLost(row);
        }
        if (row.isSuperseded() || !row.base().waiting().isEmpty()) {
            return true;
        }
        int members = 0;
        int columns = row.base().columns().count();
        for (int column = 0; column < columns; column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null) {
                members++;
                if (!isInPlace(row, member)) {
                    return true;
                }
            }
        }
        return members < columns && usableStores.getAsInt() > members;
    }

    /** Whether a member is one that a new plan could name as it is. */
    private boolean isInPlace(RowState row, Member member) {
        @Nullable StoreEntry entry = stores.current(member.ref());
        return entry != null && entry.isUsable() && !complaints.isBarred(row.index(), entry.store);
    }

    /** Whether one of the stores that the row depends on has still time to claim (P17). */
    boolean awaitsClaims(RowState row, long now) {
        Row base = row.base();
        for (int column = 0; column < base.columns().count(); column++) {
            @Nullable Member member = base.columns().at(column);
            if (member != null && isAwaited(member.ref().store(), now)) {
                return true;
            }
        }
        for (StoreId back : row.reserved()) {
            if (isAwaited(back, now)) {
                return true;
            }
        }
        for (Waiting away : base.waiting()) {
            if (isAwaited(away.store(), now)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwaited(StoreId store, long now) {
        @Nullable StoreEntry entry = stores.get(store);
        return entry != null && entry.isAwaited(now);
    }

    /** Whether every member of a plan could still accept it. */
    boolean isAlive(RowState row, PlanInFlight plan, long now) {
        for (int column = 0; column < plan.row().columns().count(); column++) {
            @Nullable Member member = plan.row().columns().at(column);
            if (member != null) {
                boolean late =
                        plan.awaits(member.ref()) && isTooLate(row, member.ref().store(), now);
                if (!isInPlace(row, member) || late) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What a plan for the row depends on. */
    RowCase build(RowState row, long now) {
        Set<StoreId> away = away(row);
        row.reserve(away);
        Set<StoreId> late = late(row, now);
        Map<StoreId, Copy> copies = copies(row, late);
        Set<StoreId> barred = barred(row, copies, late);
        barred.addAll(neededUnclean(row, copies, barred));
        return new RowCase(
                row.base(), row.floor(), copies, barred, away.size(), givenUp, isLost(row), row.isSuperseded());
    }

    /**
     * Whether a row had a membership, nobody who is here knows it, and everybody else was given up: what it held is gone.
     * Without an operator's word a store that is away is never guessed to be empty (P17).
     */
    private boolean isLost(RowState row) {
        return isUnknown(row) && nobodyElseMayClaim;
    }

    /** Whether a row had a membership that nobody has claimed yet. */
    private static boolean isUnknown(RowState row) {
        return !row.floor().equals(RowVersion.NONE) && row.base().version().equals(RowVersion.NONE);
    }

    /** Stores whose columns stay vacant because they announced that they will be back. */
    private Set<StoreId> away(RowState row) {
        Set<StoreId> away = new HashSet<>();
        for (StoreId store : row.reserved()) {
            addIfAway(store, away);
        }
        for (int column = 0; column < row.base().columns().count(); column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null) {
                addIfAway(member.ref().store(), away);
            }
        }
        return away.isEmpty() ? Set.of() : Set.copyOf(away);
    }

    private void addIfAway(StoreId store, Set<StoreId> away) {
        @Nullable StoreEntry entry = stores.get(store);
        if (entry != null && entry.standing == Standing.AWAY) {
            away.add(store);
        }
    }

    /** Stores that take too long over a proposal (A11). */
    private Set<StoreId> late(RowState row, long now) {
        Set<StoreId> late = new HashSet<>();
        for (StoreId store : silent) {
            if (isTooLate(row, store, now)) {
                late.add(store);
            }
        }
        return late;
    }

    /** Stores that clients complain about, unless they alone hold a class, and those that are late: A11, P16. */
    private Set<StoreId> barred(RowState row, Map<StoreId, Copy> copies, Set<StoreId> late) {
        Set<StoreId> barred = new HashSet<>(late);
        for (StoreId store : complaints.barred(row.index())) {
            barred.add(store);
            if (holdsAlone(store, copies, barred)) {
                barred.remove(store);
            }
        }
        return barred;
    }

    private static boolean holdsAlone(StoreId store, Map<StoreId, Copy> copies, Set<StoreId> barred) {
        ClassSet others = ClassSet.EMPTY;
        for (Map.Entry<StoreId, Copy> copy : copies.entrySet()) {
            if (!barred.contains(copy.getKey())) {
                others = others.plus(copy.getValue().classes());
            }
        }
        @Nullable Copy own = copies.get(store);
        return own != null && !others.containsAll(own.classes());
    }

    /** A member, or a holder that is waited for, gets the death time to answer a proposal, a replacement less: the row goes on without it meanwhile. */
    private boolean isTooLate(RowState row, StoreId store, long now) {
        if (row.floor().equals(RowVersion.NONE)) {
            return false; // Nobody uses the row yet: it is worth the wait for an even placement.
        }
        boolean holder = row.base().columnOf(store) >= 0
                || row.base().waiting().stream().anyMatch(away -> away.store().equals(store));
        return holder ? outbox.isSilentForDeathTime(store, now) : outbox.isSilent(store, now);
    }

    private Map<StoreId, Copy> copies(RowState row, Set<StoreId> late) {
        if (row.copies().isEmpty()) {
            return Map.of();
        }
        ClassSet mayBeClean = mayBeClean(row, late);
        Map<StoreId, Copy> copies = new HashMap<>();
        for (HeldCopy copy : row.copies()) {
            @Nullable StoreEntry entry = stores.current(copy.ref());
            if (entry != null && entry.isUsable()) {
                Copy worth = worth(row, copy);
                copies.put(entry.store, copy.unclean() ? worth.uncleanWithout(mayBeClean) : worth);
            }
        }
        return copies;
    }

    /**
     * Stores whose unclean copies may yet be needed: of a class that they have, nobody that can be seated is trusted. As members
     * they would give that class up for good, so they stay outside until a clean holder is back, or known to be none (P7).
     */
    private Set<StoreId> neededUnclean(RowState row, Map<StoreId, Copy> copies, Set<StoreId> barred) {
        ClassSet trusted = ClassSet.EMPTY;
        for (Map.Entry<StoreId, Copy> copy : copies.entrySet()) {
            if (!barred.contains(copy.getKey())) {
                trusted = trusted.plus(copy.getValue().classes());
            }
        }
        Set<StoreId> needed = new HashSet<>();
        for (HeldCopy copy : row.copies()) {
            StoreId store = copy.ref().store();
            if (copy.unclean()
                    && copies.containsKey(store)
                    && !trusted.containsAll(worth(row, copy).classes())) {
                needed.add(store);
            }
        }
        return needed;
    }

    /** A copy at or above the floor counts as it is, one that is waited for counts for the classes listed (P4, P8). */
    static Copy worth(RowState row, HeldCopy copy) {
        if (!copy.version().isBefore(row.floor())) {
            return Copy.of(copy.held());
        }
        ClassSet awaited = ClassSet.EMPTY;
        for (Waiting away : row.base().waiting()) {
            if (away.store().equals(copy.ref().store()) && !copy.version().isBefore(away.version())) {
                awaited = awaited.plus(away.classes().intersect(copy.held()));
            }
        }
        return awaited.isEmpty() ? Copy.STALE : new Copy(awaited, true, false);
    }

    /** Classes of which a holder that lost nothing lives or may come back; only of others are unclean copies used (P7). */
    private ClassSet mayBeClean(RowState row, Set<StoreId> late) {
        ClassSet classes = ClassSet.EMPTY;
        Row base = row.base();
        for (int column = 0; column < base.columns().count(); column++) {
            @Nullable Member member = base.columns().at(column);
            if (member != null) {
                // One that is away may have come further than anybody else has heard.
                ClassSet most =
                        ClassSet.ofColumn(column, base.columns().count()).plus(member.held());
                classes = classes.plus(mayBeClean(row, member.ref().store()).intersect(most));
                if (isUnasked(row, member, late)) {
                    classes = classes.plus(row.mayHaveGot(member.ref()));
                }
            }
        }
        for (Waiting away : base.waiting()) {
            classes = classes.plus(mayBeClean(row, away.store()).intersect(away.classes()));
        }
        // A clean copy that is here counts whatever the membership says of it: its last report may have been lost.
        for (HeldCopy copy : row.copies()) {
            @Nullable StoreEntry entry = stores.current(copy.ref());
            if (entry != null && entry.isUsable() && !copy.unclean()) {
                classes = classes.plus(worth(row, copy).classes());
            }
        }
        return classes;
    }

    /** Whether a member is to be left out of the next plan, so that it cannot say what it has got meanwhile. */
    private boolean isUnasked(RowState row, Member member, Set<StoreId> late) {
        StoreId store = member.ref().store();
        return late.contains(store) || complaints.isBarred(row.index(), store);
    }

    /** What a store may hold without loss: anything while it is away, what its copy is worth once it is back. */
    private ClassSet mayBeClean(RowState row, StoreId store) {
        @Nullable StoreEntry entry = stores.get(store);
        @Nullable HeldCopy copy = row.copyOf(store);
        if (entry != null && entry.givenUp) {
            return ClassSet.EMPTY;
        }
        if (entry == null || !entry.isUsable()) {
            return ClassSet.ofColumn(0, row.base().columns().count());
        }
        return copy == null || copy.unclean()
                ? ClassSet.EMPTY
                : worth(row, copy).classes();
    }
}
