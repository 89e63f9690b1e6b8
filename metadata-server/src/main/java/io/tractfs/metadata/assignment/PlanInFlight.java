package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import org.jspecify.annotations.Nullable;

/**
 * A new membership of one row on its way: proposed, acknowledged by every member that it names, committed. A plan that
 * is not yet being committed can be superseded by another; one that is cannot. Confined to the assignment loop.
 */
final class PlanInFlight {
    private final RowVersion floor;
    private final ClassSet released;
    private final Doubt doubt;
    private final Surrender surrender;
    private Row row;
    private int acknowledged;
    private boolean committing;

    PlanInFlight(Row row, RowVersion floor, ClassSet released, Doubt doubt, Surrender surrender) {
        this.row = row;
        this.floor = floor;
        this.released = released;
        this.doubt = doubt;
        this.surrender = surrender;
    }

    /** Classes that a member takes for empty by an operator's word. */
    ClassSet released() {
        return released;
    }

    Row row() {
        return row;
    }

    RowVersion floor() {
        return floor;
    }

    /** Whether this member has still to accept it. */
    boolean awaits(StoreRef ref) {
        int column = row.columnOf(ref.store());
        @Nullable Member member = column < 0 ? null : row.columns().at(column);
        return member != null && member.ref().equals(ref) && (acknowledged & 1 << column) == 0;
    }

    /** Whether this member has still to accept it, and may be asked now (P2, P7). */
    boolean asks(StoreRef ref) {
        int column = row.columnOf(ref.store());
        return awaits(ref) && doubt.allows(column, acknowledged) && surrender.allows(column, row, acknowledged);
    }

    /**
     * Whether a member that accepts with this state has what the plan takes from an unclean copy (P7), or lacks what others
     * were to rely on it for (P2).
     */
    boolean isBelied(StoreRef ref, ClassSet held) {
        int column = row.columnOf(ref.store());
        @Nullable Member planned = row.columns().at(column);
        return doubt.isBelied(column, held) || (planned != null && !held.containsAll(planned.held()));
    }

    /** A member has accepted it with this state (P8). */
    void acknowledge(StoreRef ref, ClassSet held) {
        int column = row.columnOf(ref.store());
        @Nullable Member planned = row.columns().at(column);
        ClassSet beyond = planned == null ? ClassSet.EMPTY : planned.held();
        ClassSet state =
                held.intersect(ClassSet.ofColumn(column, row.columns().count()).plus(beyond));
        Columns columns = row.columns().with(column, new Member(ref, state));
        row = new Row(row.index(), row.version(), columns, row.waiting());
        acknowledged |= 1 << column;
    }

    /** Whether all members that it names have accepted it. */
    boolean isAcknowledged() {
        for (int column = 0; column < row.columns().count(); column++) {
            if (row.columns().at(column) != null && (acknowledged & 1 << column) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether every class has a holder among those who accepted it, or its last holders are listed (P2). */
    boolean keepsAllClasses() {
        for (int replicationClass = 1; replicationClass <= row.columns().count(); replicationClass++) {
            if (!row.isFrozen(replicationClass) && !hasHolder(row, replicationClass)) {
                return false;
            }
        }
        return true;
    }

    static boolean hasHolder(Row row, int replicationClass) {
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && member.holds(replicationClass)) {
                return true;
            }
        }
        return false;
    }

    /** Whether some member lacks a class that it can fetch from another. */
    static boolean isRecovering(Row row) {
        for (int column = 0; column < row.columns().count(); column++) {
            if (row.columns().at(column) != null && !hasAllThatThereIs(row, column)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a member holds every class of its column that anybody holds. */
    static boolean hasAllThatThereIs(Row row, int column) {
        @Nullable Member member = row.columns().at(column);
        for (int replicationClass = column + 1;
                replicationClass <= row.columns().count();
                replicationClass++) {
            if (member == null || (!member.holds(replicationClass) && hasHolder(row, replicationClass))) {
                return false;
            }
        }
        return true;
    }

    void commit() {
        committing = true;
    }

    boolean isCommitting() {
        return committing;
    }
}
