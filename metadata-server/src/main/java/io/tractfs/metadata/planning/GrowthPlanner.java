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
 * Moves columns from stores with more than their share to stores that joined.
 *
 * <p><b>Goals.</b> Every store ends with its share of the columns, within a tolerance that keeps small differences of
 * free space from moving data.
 *
 * <p><b>Constraints.</b> A column moves only in a row that is in sync and whose other columns hold every class of it, so
 * the old member can leave at once and no class loses its last holder. Column 0 alone carries class 1 and therefore stays
 * where it is. At most one column of a row moves at a time, and no move puts members closer together.
 *
 * <p><b>Algorithm.</b> Rows are visited in order; in each, from the last column down, a member with too many columns
 * gives its column to the store that lacks most for its share and is not in the row. Rows of which a lacking store has
 * data already, from before it was away, come first: there it fetches only the difference.
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
        SeatPicker picker = new SeatPicker(roster, load);
        Map<Integer, Row> moved = new LinkedHashMap<>();
        for (boolean withData : new boolean[] {true, false}) {
            boolean anyLacking = true;
            for (int i = 0; i < table.size() && moved.size() < limit && anyLacking; i++) {
                Row row = table.get(i);
                anyLacking = lacksMost(load, shares, store -> true) >= 0;
                if (anyLacking && !moved.containsKey(i) && isSettled(row)) {
                    int[] seats = seats(row);
                    int taker = lacksMost(
                            load,
                            shares,
                            store -> !contains(seats, store)
                                    && (!withData
                                            || hasData.test(
                                                    row, roster.at(store).ref().store())));
                    @Nullable Row after = taker < 0 ? null : move(row, taker, load, shares, picker, version);
                    if (after != null) {
                        moved.put(i, after);
                    }
                }
            }
        }
        return List.copyOf(moved.values());
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

    private @Nullable Row move(Row row, int taker, Load load, double[] shares, SeatPicker picker, RowVersion version) {
        int[] seats = seats(row);
        for (int column = columns - 1; column >= 1; column--) {
            int giver = seats[column];
            if (load.total(giver) <= Math.ceil(shares[giver])) {
                continue;
            }
            int[] others = seats.clone();
            others[column] = Seating.VACANT;
            if (picker.conflicts(taker, others) <= picker.conflicts(giver, others)) {
                load.leave(giver, column, others);
                load.seat(taker, column, others);
                return new Row(
                        row.index(),
                        version,
                        row.columns().with(column, new Member(roster.at(taker).ref(), ClassSet.EMPTY)),
                        row.waiting());
            }
        }
        return null;
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
