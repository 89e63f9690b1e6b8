package io.tractfs.metadata.planning;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves columns away from stores that an operator has emptied.
 *
 * <p><b>Goals.</b> A draining store ends as a member of no row, and what it held is spread as {@link SeatPicker} says.
 *
 * <p><b>Constraints.</b> Only rows whose members are all in sync change, by one step at a time, and no class loses its last
 * holder. Where there is no other store for a column, the column stays vacant (P5). Column 0 alone carries class 1: it
 * cannot just leave.
 *
 * <p><b>Algorithm.</b> A column after the first is given to the best store that takes columns. A draining member of column 0
 * first changes places with another member of the row. It goes on to hold class 1, now beyond its column, until that member
 * has got the class from it; then it leaves as above. If it drains no more by then, it stays, and gives up what is beyond
 * its column.
 *
 * <p><b>Example.</b> Row ABC, A drains, D is free: BAC, where A holds class 1 still and B fetches it, then BDC, where D
 * fetches classes 2 and 3.
 *
 * <p>Immutable.
 */
public final class DrainPlanner {
    private final Roster roster;
    private final int columns;

    /** A planner over these stores, for rows of k columns. */
    public DrainPlanner(Roster roster, int columns) {
        this.roster = roster;
        this.columns = columns;
    }

    /**
     * Plans steps.
     *
     * @param table every row of the table, by index
     * @param limit most rows to change
     * @param version version of the new memberships
     * @return rows after their next step; empty if nothing can be moved now
     */
    public List<Row> plan(List<Row> table, int limit, RowVersion version) {
        List<Row> moved = new ArrayList<>();
        Load load = new Load(roster, columns);
        if (anyDrains()) {
            table.forEach(row -> load.add(row.columns()));
        }
        SeatPicker picker = new SeatPicker(roster, load);
        for (Row row : table) {
            if (moved.size() >= limit) {
                break;
            }
            int column = draining(row);
            @Nullable
            Columns after = (column < 0 && !holdsBeyond(row)) || !isSettled(row)
                    ? null
                    : column < 0 ? trim(row) : column == 0 ? handOver(row) : replace(row, column, picker, load);
            if (after != null) {
                moved.add(new Row(row.index(), version, after, List.of()));
            }
        }
        return moved;
    }

    /** Whether a member holds a class that its column does not carry. */
    private static boolean holdsBeyond(Row row) {
        for (int column = 1; column < row.columns().count(); column++) {
            if (!beyond(row, column).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static ClassSet beyond(Row row, int column) {
        @Nullable Member member = row.columns().at(column);
        return member == null
                ? ClassSet.EMPTY
                : member.held().minus(ClassSet.ofColumn(column, row.columns().count()));
    }

    /** The same members with no class beyond their columns; null if column 0, which carries all, is vacant. */
    private @Nullable Columns trim(Row row) {
        Columns trimmed = row.columns();
        for (int column = 1; column < columns; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null) {
                trimmed = trimmed.with(
                        column, new Member(member.ref(), member.held().minus(beyond(row, column))));
            }
        }
        return row.columns().at(0) == null ? null : trimmed;
    }

    private boolean anyDrains() {
        for (int store = 0; store < roster.size(); store++) {
            if (roster.isDraining(store)) {
                return true;
            }
        }
        return false;
    }

    /** The last column of a draining member, -1 if there is none. */
    private int draining(Row row) {
        for (int column = columns - 1; column >= 0; column--) {
            int store = storeAt(row, column);
            if (store >= 0 && roster.isDraining(store)) {
                return column;
            }
        }
        return -1;
    }

    private int storeAt(Row row, int column) {
        @Nullable Member member = row.columns().at(column);
        return member == null ? Seating.VACANT : roster.numberOf(member.ref().store());
    }

    private boolean isSettled(Row row) {
        for (int column = 0; column < columns; column++) {
            if (row.columns().at(column) != null && (!row.isInSync(column) || storeAt(row, column) < 0)) {
                return false;
            }
        }
        return row.waiting().isEmpty() && !row.version().equals(RowVersion.NONE);
    }

    /** Column 0 and another one change places; null if nobody else is there who stays. */
    private @Nullable Columns handOver(Row row) {
        for (int column = 1; column < columns; column++) {
            int store = storeAt(row, column);
            @Nullable Member heir = row.columns().at(column);
            @Nullable Member leaving = row.columns().at(0);
            if (heir != null && leaving != null && store >= 0 && !roster.isDraining(store)) {
                return row.columns()
                        .with(0, heir)
                        .with(column, new Member(leaving.ref(), ClassSet.ofColumn(0, columns)));
            }
        }
        return null;
    }

    private Columns replace(Row row, int column, SeatPicker picker, Load load) {
        int[] seats = new int[columns];
        for (int other = 0; other < columns; other++) {
            seats[other] = storeAt(row, other);
        }
        int[] others = seats.clone();
        others[column] = Seating.VACANT;
        load.leave(seats[column], column, others);
        int taker = picker.pick(RowCase.of(row), column, seats);
        if (taker == Seating.VACANT) {
            return row.columns().with(column, null);
        }
        load.seat(taker, column, others);
        return row.columns().with(column, new Member(roster.at(taker).ref(), ClassSet.EMPTY));
    }
}
