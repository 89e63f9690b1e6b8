package io.tractfs.metadata.planning;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who sits in which column of one row while its plan is made. Not thread-safe. */
final class Seating {
    static final int VACANT = -1;

    private RowCase row;
    private final Roster roster;
    private final int[] seats;

    private Seating(RowCase row, Roster roster) {
        this.row = row;
        this.roster = roster;
        this.seats = new int[row.base().columns().count()];
        Arrays.fill(seats, VACANT);
    }

    /** Members that are alive stay where they are; holders that have come back are seated where their class lives. */
    static Seating ofSurvivors(RowCase row, Roster roster) {
        Seating seating = new Seating(row, roster);
        seating.seatMembers();
        if (row.isFresh()) {
            seating.moveUp();
            return seating;
        }
        seating.seatUnclean();
        for (int replicationClass = 1;
                !row.copies().isEmpty() && replicationClass <= seating.seats.length;
                replicationClass++) {
            if (!seating.isCovered(replicationClass)) {
                seating.seatHolderOf(replicationClass);
            }
        }
        seating.holdBack();
        return seating;
    }

    private void seatMembers() {
        for (int column = 0; column < seats.length; column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null && !row.barred().contains(member.ref().store())) {
                seats[column] = roster.numberOf(member.ref().store());
            }
        }
    }

    /**
     * Leaves no column vacant before one that is taken. No client has ever seen such a row, so that nobody has anything of it to
     * keep or to wait for; and a class that nobody was ever given could not be given back.
     */
    private void moveUp() {
        int taken = 0;
        for (int seat : seats.clone()) {
            if (seat != VACANT) {
                seats[taken++] = seat;
            }
        }
        Arrays.fill(seats, taken, seats.length, VACANT);
    }

    RowCase row() {
        return row;
    }

    int[] seats() {
        return seats;
    }

    /** Counts all members in. */
    void addTo(Load load) {
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] != VACANT) {
                load.seat(seats[column], column, Arrays.copyOf(seats, column));
            }
        }
    }

    /** Fills vacant columns from the first on, but for those reserved. */
    void fill(SeatPicker picker, Load load) {
        int reserved = row.isFresh() ? 0 : row.reserved();
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] != VACANT || reserved-- > 0) {
                continue;
            }
            int store = picker.pick(row, column, seats);
            if (store != VACANT) {
                load.seat(store, column, seats);
                seats[column] = store;
            }
        }
    }

    /**
     * Unclean copies of one class are merged among the members: whoever has one has to be there meanwhile, in a column that
     * carries all that it has (P7). The lowest classes have the fewest columns, so they choose first.
     */
    private void seatUnclean() {
        List<Integer> contested = new ArrayList<>();
        for (StoreId store : row.copies().keySet()) {
            int number = roster.numberOf(store);
            if (number >= 0 && !row.barred().contains(store) && isContested(number)) {
                contested.add(number);
            }
        }
        if (contested.stream().allMatch(this::keepsAll)) {
            return;
        }
        contested.sort(Comparator.comparingInt(this::lowestClass));
        contested.forEach(this::unseat);
        for (int store : contested) {
            int column = seatFor(lowestClass(store));
            if (column >= 0) {
                seats[column] = store;
            }
        }
    }

    private int lowestClass(int store) {
        return Integer.numberOfTrailingZeros(classesOf(store).bits()) + 1;
    }

    private ClassSet classesOf(int store) {
        @Nullable Copy copy = row.copies().get(roster.at(store).ref().store());
        return copy == null ? ClassSet.EMPTY : copy.classes();
    }

    /** Whether a store has a seat that carries all that it has. */
    private boolean keepsAll(int store) {
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] == store) {
                return column < lowestClass(store);
            }
        }
        return false;
    }

    /**
     * A class whose column is needed for a while yet waits: who has it stays outside, since in another column it would give the
     * class up.
     */
    private void holdBack() {
        ClassSet without = ClassSet.ofColumn(0, seats.length).minus(covered());
        Set<StoreId> barred = new HashSet<>(row.barred());
        for (StoreId store : row.copies().keySet()) {
            int number = roster.numberOf(store);
            if (number >= 0 && !classesOf(number).intersect(without).isEmpty()) {
                unseat(number);
                barred.add(store);
            }
        }
        if (barred.size() > row.barred().size()) {
            row = row.withBarred(barred);
        }
    }

    /** Whether a store's unclean copy of some class is one of several, each of which may have what the others lack. */
    private boolean isContested(int store) {
        StoreId own = roster.at(store).ref().store();
        @Nullable Copy copy = row.copies().get(own);
        return copy != null
                && copy.unclean()
                && row.copies().entrySet().stream()
                        .anyMatch(other -> !other.getKey().equals(own)
                                && other.getValue().unclean()
                                && roster.numberOf(other.getKey()) >= 0
                                && !other.getValue()
                                        .classes()
                                        .intersect(copy.classes())
                                        .isEmpty());
    }

    private void seatHolderOf(int replicationClass) {
        for (Map.Entry<StoreId, Copy> copy : row.copies().entrySet()) {
            int store = roster.numberOf(copy.getKey());
            if (store < 0
                    || row.barred().contains(copy.getKey())
                    || !copy.getValue().classes().contains(replicationClass)) {
                continue;
            }
            int column = seatFor(replicationClass);
            if (column >= 0) {
                unseat(store);
                seats[column] = store;
                return;
            }
        }
    }

    /**
     * A column that carries the class: a vacant one, else one whose member is not the only holder of a lower class, nor has an
     * unclean copy that is to be merged with another one. Where there is none the class waits until they are.
     */
    private int seatFor(int replicationClass) {
        for (int column = 0; column < replicationClass; column++) {
            if (seats[column] == VACANT) {
                return column;
            }
        }
        for (int column = 0; column < replicationClass; column++) {
            if (!isNeeded(column, replicationClass)) {
                return column;
            }
        }
        return -1;
    }

    private boolean isNeeded(int column, int below) {
        int occupant = seats[column];
        seats[column] = VACANT;
        boolean needed = isContested(occupant);
        for (int lower = 1; lower < below; lower++) {
            needed |= !isCovered(lower) && keeps(occupant, column).contains(lower);
        }
        seats[column] = occupant;
        return needed;
    }

    private void unseat(int store) {
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] == store) {
                seats[column] = VACANT;
            }
        }
    }

    /** What a store would hold whole in a column. */
    private ClassSet keeps(int store, int column) {
        ClassSet ofColumn = ClassSet.ofColumn(column, seats.length);
        if (row.isFresh()) {
            return ofColumn;
        }
        @Nullable Copy copy = row.copies().get(roster.at(store).ref().store());
        return copy == null ? ClassSet.EMPTY : copy.classes().intersect(ofColumn);
    }

    private boolean isCovered(int replicationClass) {
        return covered().contains(replicationClass);
    }

    private ClassSet covered() {
        ClassSet covered = ClassSet.EMPTY;
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] != VACANT) {
                covered = covered.plus(keeps(seats[column], column));
            }
        }
        return covered;
    }

    /** The new row; null if no class of it moves, or if nothing changes. */
    @Nullable
    PlannedRow toRow(RowVersion version) {
        ClassSet all = ClassSet.ofColumn(0, seats.length);
        ClassSet held = covered();
        ClassSet released = released(all.minus(held));
        ClassSet covered = held.plus(released);
        if (covered.isEmpty()) {
            return null;
        }
        @Nullable Member[] members = new @Nullable Member[seats.length];
        ClassSet[] taken = takers(released);
        for (int column = 0; column < seats.length; column++) {
            if (seats[column] != VACANT) {
                members[column] = new Member(
                        roster.at(seats[column]).ref(),
                        keeps(seats[column], column).plus(taken[column]));
            }
        }
        Columns columns = Columns.of(members);
        List<Waiting> waiting = waitingFor(all.minus(covered));
        if (!row.superseded() && waiting.equals(row.base().waiting()) && isSame(columns)) {
            return null;
        }
        return new PlannedRow(new Row(row.base().index(), version, columns, waiting), released);
    }

    /** One member takes each released class, if possible one that has data of the row from before: the others copy from it. */
    private ClassSet[] takers(ClassSet released) {
        ClassSet[] taken = new ClassSet[seats.length];
        Arrays.fill(taken, ClassSet.EMPTY);
        ClassSet left = released;
        for (boolean withData : new boolean[] {true, false}) {
            for (int column = 0; column < seats.length && !left.isEmpty(); column++) {
                if (seats[column] != VACANT
                        && row.copies()
                                        .containsKey(
                                                roster.at(seats[column]).ref().store())
                                == withData) {
                    taken[column] = left.intersect(ClassSet.ofColumn(column, seats.length));
                    left = left.minus(taken[column]);
                }
            }
        }
        return taken;
    }

    /** Classes without a holder that nobody waits for any more, and for which there is a seat (P2). */
    private ClassSet released(ClassSet withoutHolder) {
        ClassSet released = ClassSet.EMPTY;
        for (int replicationClass = 1; replicationClass <= seats.length; replicationClass++) {
            if (withoutHolder.contains(replicationClass) && hasSeat(replicationClass) && isGivenUp(replicationClass)) {
                released = released.plus(new ClassSet(1 << (replicationClass - 1)));
            }
        }
        return released;
    }

    private boolean hasSeat(int replicationClass) {
        return Arrays.stream(seats, 0, replicationClass).anyMatch(seat -> seat != VACANT);
    }

    /** Whether there were holders, and an operator gave up every one of them. */
    private boolean isGivenUp(int replicationClass) {
        if (row.lost()) {
            return true;
        }
        boolean any = false;
        for (Waiting away : row.base().waiting()) {
            if (away.classes().contains(replicationClass)) {
                any |= row.givenUp().contains(away.store());
                if (!row.givenUp().contains(away.store()) && !isHereWithout(away.store(), replicationClass)) {
                    return false;
                }
            }
        }
        for (int column = 0; column < seats.length; column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null && member.holds(replicationClass)) {
                any = true;
                if (!row.givenUp().contains(member.ref().store())) {
                    return false;
                }
            }
        }
        return any;
    }

    /** Whether a store that might have had a class has come back and has not. */
    private boolean isHereWithout(StoreId store, int replicationClass) {
        @Nullable Copy copy = row.copies().get(store);
        return copy != null && !copy.classes().contains(replicationClass);
    }

    private boolean isSame(Columns columns) {
        for (int column = 0; column < seats.length; column++) {
            @Nullable Member before = row.base().columns().at(column);
            @Nullable Member after = columns.at(column);
            if (!Objects.equals(before == null ? null : before.ref(), after == null ? null : after.ref())) {
                return false;
            }
        }
        return true;
    }

    /**
     * The last holders of classes that nobody alive holds, and holders that this version takes back. A member that goes may
     * have come further than anybody has heard, so it is listed for all that its column may get (P7).
     */
    private List<Waiting> waitingFor(ClassSet frozen) {
        List<Waiting> waiting = new ArrayList<>();
        if (row.isFresh()) {
            return waiting;
        }
        for (Waiting away : row.base().waiting()) {
            ClassSet classes =
                    isTakenBack(away.store()) ? away.classes() : away.classes().intersect(frozen);
            if (!classes.isEmpty()) {
                waiting.add(new Waiting(away.store(), away.version(), classes));
            }
        }
        for (int column = 0; column < seats.length; column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null) {
                ClassSet mayHold = isSeated(member.ref().store())
                        ? member.held()
                        : member.held().plus(ClassSet.ofColumn(column, seats.length));
                ClassSet classes = mayHold.intersect(frozen)
                        .minus(listed(waiting, member.ref().store()));
                if (!classes.isEmpty()) {
                    waiting.add(new Waiting(member.ref().store(), row.floor(), classes));
                }
            }
        }
        return waiting;
    }

    private boolean isTakenBack(StoreId store) {
        @Nullable Copy copy = row.copies().get(store);
        return copy != null && copy.byWaiting() && isSeated(store);
    }

    private boolean isSeated(StoreId store) {
        int number = roster.numberOf(store);
        return number >= 0 && Arrays.stream(seats).anyMatch(seat -> seat == number);
    }

    private static ClassSet listed(List<Waiting> waiting, StoreId store) {
        ClassSet classes = ClassSet.EMPTY;
        for (Waiting away : waiting) {
            if (away.store().equals(store)) {
                classes = classes.plus(away.classes());
            }
        }
        return classes;
    }
}
