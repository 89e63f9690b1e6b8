package io.tractfs.metadata.assignment;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a plan takes from unclean copies though a clean member may have it (P7). A recovering member of the published row
 * can have got a class whole before its source lost power, while its report is still under way. It says so when it accepts
 * the plan, and from then on it gets nothing more: a new version voids its comparison (P11). So such members are asked
 * first, and the unclean ones, whose copies are judged by accepting, only once none of them has turned out to hold what
 * would be taken from an unclean copy. Immutable.
 *
 * @param classes taken from unclean copies
 * @param askedFirst columns, as bits, of the clean members that may have got one of the classes
 * @param askedLast columns, as bits, of the members whose unclean copies are used
 */
record Doubt(ClassSet classes, int askedFirst, int askedLast) {
    /** A plan that takes nothing from unclean copies. */
    static final Doubt NONE = new Doubt(ClassSet.EMPTY, 0, 0);

    /** The doubt about a plan for a row. */
    static Doubt of(RowState row, Row planned) {
        ClassSet classes = ClassSet.EMPTY;
        int last = 0;
        for (int column = 0; column < planned.columns().count(); column++) {
            @Nullable Member member = planned.columns().at(column);
            @Nullable HeldCopy copy = member == null ? null : row.copyOf(member.ref());
            if (member != null
                    && copy != null
                    && copy.unclean()
                    && !member.held().isEmpty()) {
                classes = classes.plus(member.held());
                last |= 1 << column;
            }
        }
        if (last == 0) {
            return NONE;
        }
        int first = 0;
        for (int column = 0; column < planned.columns().count(); column++) {
            @Nullable Member member = planned.columns().at(column);
            if (member != null
                    && !row.mayHaveGot(member.ref()).intersect(classes).isEmpty()) {
                first |= 1 << column;
            }
        }
        return new Doubt(classes, first, last);
    }

    /** Whether a member can be asked, given the columns that have accepted. */
    boolean allows(int column, int acknowledged) {
        return (askedLast & 1 << column) == 0 || (acknowledged & askedFirst) == askedFirst;
    }

    /** Whether a member that accepts with this state has what would be taken from an unclean copy. */
    boolean isBelied(int column, ClassSet held) {
        return (askedFirst & 1 << column) != 0 && !held.intersect(classes).isEmpty();
    }
}
