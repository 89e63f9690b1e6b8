package io.tractfs.metadata.planning;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves columns from stores with more than their share to stores that joined, and apart what came too close while stores
 * were away.
 *
 * <p><b>Goals.</b> Every store ends with its share of the columns, within a tolerance that keeps small differences of
 * free space from moving data, and the members of a row are in as many servers and failure domains as there are.
 *
 * <p><b>Constraints.</b> A column moves only in a row that is in sync and whose other columns hold every class of it, so
 * the old member can leave at once and no class loses its last holder. Column 0 alone carries class 1 and therefore stays
 * where it is. At most one column of a row moves at a time, and no move puts members closer together.
 *
 * <p><b>Algorithm.</b> Rows are visited in order; in each, from the last column down, a member with too many columns
 * gives its column to the store that lacks most for its share and is not in the row. Rows of which a lacking store has
 * data already, from before it was away, come first: there it fetches only the difference. A member that shares its domain
 * with others of the row gives its column before one that does not. Then members that still share one are replaced by
 * the store that {@link SeatPicker} finds, whatever the load; the last are rows without such data.
 *
 * <p><b>Example.</b> Three stores with 100 columns each are joined by a fourth: its share is 75, so 75 rows get it, 25
 * from each of the three.
 *
 * <p>Immutable.
 */
public final class GrowthPlanner {
    /** A store is over or under its share only beyond this part of it. */
    private static final double TOLERANCE = 0.05;

    private final Roster roster;
    private final int columns;

    /** A planner over these stores, for rows of k columns. */
    public GrowthPlanner(Roster roster, int columns) {
        this.roster = roster;
        this.columns = columns;
    }

    /**
     * Plans moves.
     *
     * @param table every row of the table, by index
     * @param hasData whether a store has data of a row that it is no member of
     * @param limit most rows to move
     * @param version version of the new memberships
     * @return rows with one member replaced by a recovering one; empty if the load is even enough
     */
    public List<Row> plan(List<Row> table, BiPredicate<Row, StoreId> hasData, int limit, RowVersion version) {
        Load load = new Load(roster, columns);
        for (Row row : table) {
            load.add(row.columns());
        }
        double[] shares = shares(load, table.size());
        Moves moves = new Moves(load, limit, version);
        grow(table, hasData, load, shares, moves);
        mend(table, moves);
        grow(table, (row, store) -> true, load, shares, moves);
        return List.copyOf(moves.moved.values());
    }

    /** Rows that have been moved, and what the next ones depend on. Not thread-safe. */
    private final class Moves {
        private final Map<Integer, Row> moved = new LinkedHashMap<>();
        private final Load load;
        private final SeatPicker picker;
        private final int limit;
        private final RowVersion version;

        Moves(Load load, int limit, RowVersion version) {
            this.load = load;
            this.picker = new SeatPicker(roster, load);
            this.limit = limit;
            this.version = version;
        }

        boolean areEnough() {
            return moved.size() >= limit;
        }

        boolean mayMove(Row row) {
            return !moved.containsKey(row.index()) && isSettled(row);
        }

        /** How close a store would be to the members of a row other than that of a column. */
        int conflicts(int store, int[] seats, int column) {
            int[] others = seats.clone();
            others[column] = Seating.VACANT;
            return picker.conflicts(store, others);
        }

        void move(Row row, int column, int[] seats, int taker) {
            int[] others = seats.clone();
            others[column] = Seating.VACANT;
            load.leave(seats[column], column, others);
            load.seat(taker, column, others);
            moved.put(
                    row.index(),
                    new Row(
                            row.index(),
                            version,
                            row.columns()
                                    .with(column, new Member(roster.at(taker).ref(), ClassSet.EMPTY)),
                            row.waiting()));
        }
    }

    /** Gives stores with less than their share columns of rows of which they have data. */
    private void grow(List<Row> table, BiPredicate<Row, StoreId> hasData, Load load, double[] shares, Moves moves) {
        boolean anyLacking = true;
        for (int i = 0; i < table.size() && !moves.areEnough() && anyLacking; i++) {
            Row row = table.get(i);
            anyLacking = lacksMost(load, shares, store -> true) >= 0;
            if (anyLacking && moves.mayMove(row)) {
                int[] seats = seats(row);
                int taker = lacksMost(
                        load,
                        shares,
                        store -> !contains(seats, store)
                                && hasData.test(row, roster.at(store).ref().store()));
                int column = taker < 0 ? -1 : giving(seats, taker, load, shares, moves);
                if (column >= 0) {
                    moves.move(row, column, seats, taker);
                }
            }
        }
    }

    /** The column to be given to a store: of those with too many, of the member that is closest to others; -1 if none. */
    private int giving(int[] seats, int taker, Load load, double[] shares, Moves moves) {
        int closest = -1;
        int mostConflicts = -1;
        for (int column = columns - 1; column >= 1; column--) {
            int conflicts = moves.conflicts(seats[column], seats, column);
            if (load.total(seats[column]) > Math.ceil(shares[seats[column]])
                    && moves.conflicts(taker, seats, column) <= conflicts
                    && conflicts > mostConflicts) {
                closest = column;
                mostConflicts = conflicts;
            }
        }
        return closest;
    }

    /** Moves members apart that share a server or a domain though a store is there that would share less. */
    private void mend(List<Row> table, Moves moves) {
        for (int i = 0; i < table.size() && !moves.areEnough(); i++) {
            Row row = table.get(i);
            int[] seats = seats(row);
            for (int column = columns - 1; column >= 1; column--) {
                int conflicts = seats[column] < 0 ? 0 : moves.conflicts(seats[column], seats, column);
                if (conflicts > 0 && moves.mayMove(row)) {
                    int[] others = seats.clone();
                    others[column] = Seating.VACANT;
                    int taker = moves.picker.pick(RowCase.of(row), column, others);
                    if (taker >= 0
                            && !moves.picker.isFull(taker)
                            && moves.conflicts(taker, seats, column) < conflicts) {
                        moves.move(row, column, seats, taker);
                    }
                }
            }
        }
    }

    private double[] shares(Load load, int rows) {
        double columnsInAll = 0;
        double weightInAll = 0;
        for (int store = 0; store < roster.size(); store++) {
            columnsInAll += load.total(store);
            weightInAll += roster.weight(store);
        }
        double[] shares = new double[roster.size()];
        for (int store = 0; store < shares.length; store++) {
            shares[store] = Math.min(rows, columnsInAll * roster.weight(store) / weightInAll);
        }
        return shares;
    }

    private boolean isSettled(Row row) {
        for (int column = 0; column < columns; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member == null
                    || !row.isInSync(column)
                    || roster.numberOf(member.ref().store()) < 0) {
                return false;
            }
        }
        return row.waiting().isEmpty();
    }

    private int[] seats(Row row) {
        int[] seats = new int[columns];
        for (int column = 0; column < columns; column++) {
            @Nullable Member member = row.columns().at(column);
            seats[column] = member == null
                    ? Seating.VACANT
                    : roster.numberOf(member.ref().store());
        }
        return seats;
    }

    /** The store that lacks the most columns for its share, -1 if none lacks more than the tolerance. */
    private int lacksMost(Load load, double[] shares, IntPredicate eligible) {
        int most = -1;
        double mostLacking = 0;
        for (int store = 0; store < shares.length; store++) {
            double lacking = Math.floor(shares[store]) - load.total(store);
            if (lacking > Math.max(1, TOLERANCE * shares[store])
                    && lacking > mostLacking
                    && !roster.isDraining(store)
                    && eligible.test(store)) {
                most = store;
                mostLacking = lacking;
            }
        }
        return most;
    }

    private static boolean contains(int[] seats, int store) {
        for (int seat : seats) {
            if (seat == store) {
                return true;
            }
        }
        return false;
    }
}
