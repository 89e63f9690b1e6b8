package io.tractfs.metadata.planning;

import io.tractfs.id.RowVersion;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows their members: the first placement of empty rows, replacements for members that are gone, the return of
 * members that restarted or were waited for, and the filling of vacant columns.
 *
 * <p><b>Goals.</b> Every store gets the same number of columns, give or take one, weighted by its free space; likewise at
 * each place of a row, since files of low replication use the first places only. While the cluster is small every pair
 * of stores shares rows, so that a lost store is copied from all to all. The same input gives the same plan.
 *
 * <p><b>Constraints.</b> Never two columns of a row on one store; on one tract server or in one failure domain only where
 * there are too few of them. A member that lives stays in its column. A class moves only with a live holder (P2); one
 * without is frozen and its last holders are listed as waiting, unless an operator gave all of them up: then one member
 * takes it for empty, and the others copy from that one. A row of which no class has a live holder is not planned
 * at all: its membership stays (A1). A column stays vacant where no store is left for it (P5).
 *
 * <p><b>Algorithm.</b> First all rows keep their living members, and holders that came back are seated in a column that
 * carries their class, lowest class first; what is kept is counted. Then each vacant column is given to the best
 * store by the order of {@link SeatPicker}, row by row, each choice counted for the next. A plan of N rows and S stores
 * takes N·k·min(S, 64) steps, and S·k more to take over a load that was kept.
 *
 * <p><b>Example.</b> Four stores A to D, k = 3, six empty rows: ABC, DAB, CDA, BCD, and so on. B dies: the rows with B
 * have each one vacant column and one store that is no member yet, which takes it; row BCD becomes ACD with A recovering.
 * If class 1 of it (only B had it, in column 0) holds data, the row lists B as waiting for class 1, and class 1 takes no
 * writes until B is back.
 *
 * <p>Immutable.
 */
public final class PlacementPlanner {
    private final Roster roster;
    private final int columns;

    /** A planner over these stores, for rows of k columns. */
    public PlacementPlanner(Roster roster, int columns) {
        this.roster = roster;
        this.columns = columns;
    }

    /**
     * Plans rows.
     *
     * @param cases the rows to plan
     * @param others the memberships of all other rows, for the balance
     * @param version version of the new memberships, above every version that any store has seen of these rows
     * @return rows whose membership changes; a row that needs no change or can have none is left out
     */
    public List<PlannedRow> plan(List<RowCase> cases, Iterable<Row> others, RowVersion version) {
        Load load = new Load(roster, columns);
        for (Row other : others) {
            load.add(other.columns());
        }
        return plan(cases, load, version);
    }

    /**
     * Plans rows.
     *
     * @param cases the rows to plan
     * @param load what the candidates have in all other rows; it is changed
     * @param version version of the new memberships, above every version that any store has seen of these rows
     * @return rows whose membership changes; a row that needs no change or can have none is left out
     */
    public List<PlannedRow> plan(List<RowCase> cases, Load load, RowVersion version) {
        List<Seating> seatings = new ArrayList<>(cases.size());
        for (RowCase row : cases) {
            Seating seating = Seating.ofSurvivors(row, roster);
            seating.addTo(load);
            seatings.add(seating);
        }
        SeatPicker picker = new SeatPicker(roster, load);
        List<PlannedRow> planned = new ArrayList<>();
        for (Seating seating : seatings) {
            seating.fill(picker, load);
            @Nullable PlannedRow row = seating.toRow(version);
            if (row != null) {
                planned.add(row);
            }
        }
        return planned;
    }
}
