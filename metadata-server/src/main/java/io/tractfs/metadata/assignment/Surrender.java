package io.tractfs.metadata.assignment;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a plan give up for good when they accept it, being seated in later columns or distrusted. A plan may be
 * superseded before it is published, so each class has to be kept by somebody under the plan before anybody gives it up:
 * a giver is asked after a member that the plan takes for a holder has accepted and said that it is one (P2, P8). Immutable.
 *
 * @param classes that each column's member gives up
 */
record Surrender(List<ClassSet> classes) {
    /** What a plan for a row costs its members. */
    static Surrender of(RowState row, Row planned) {
        List<ClassSet> classes = new ArrayList<>();
        for (int column = 0; column < planned.columns().count(); column++) {
            @Nullable Member member = planned.columns().at(column);
            @Nullable HeldCopy copy = member == null ? null : row.copyOf(member.ref());
            classes.add(
                    member == null || copy == null
                            ? ClassSet.EMPTY
                            : CaseBuilder.worth(row, copy).classes().minus(member.held()));
        }
        return new Surrender(List.copyOf(classes));
    }

    /**
     * Whether a member can be asked.
     *
     * @param row the plan, with the actual state of those who have accepted it
     * @param acknowledged their columns, as bits
     */
    boolean allows(int column, Row row, int acknowledged) {
        for (int replicationClass = 1; replicationClass <= row.columns().count(); replicationClass++) {
            if (classes.get(column).contains(replicationClass)
                    && isStated(row, column, replicationClass, -1)
                    && !isStated(row, column, replicationClass, acknowledged)) {
                return false;
            }
        }
        return true;
    }

    /** Whether another member, of some columns, is a holder. */
    private static boolean isStated(Row row, int column, int replicationClass, int columns) {
        for (int other = 0; other < row.columns().count(); other++) {
            @Nullable Member member = row.columns().at(other);
            if (other != column && (columns & 1 << other) != 0 && member != null && member.holds(replicationClass)) {
                return true;
            }
        }
        return false;
    }
}
