package io.tractfs.table;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the tract table: k columns, each a member or vacant, under one version. Immutable.
 *
 * @param index 0 to N-1
 * @param version of this membership
 * @param columns one entry per column; null where the column is vacant (P5)
 * @param waiting last holders of frozen classes that are away (P2), usually empty
 */
public record Row(int index, RowVersion version, Columns columns, List<Waiting> waiting) {
    /** Copies the list. */
    public Row {
        waiting = List.copyOf(waiting);
    }

    /** A row that has never had a membership. */
    public static Row unassigned(int index, int columns) {
        return new Row(index, RowVersion.NONE, Columns.vacant(columns), List.of());
    }

    /** Whether it has had a membership, or a claim has brought it up. */
    public boolean isUp() {
        return !version.equals(RowVersion.NONE);
    }

    /** The column of a store, or -1 if it is not a member. */
    public int columnOf(StoreId store) {
        for (int column = 0; column < columns.count(); column++) {
            Member member = columns.at(column);
            if (member != null && member.ref().store().equals(store)) {
                return column;
            }
        }
        return -1;
    }

    /** The member that a store is in this row. */
    public Optional<Member> member(StoreId store) {
        int column = columnOf(store);
        return column < 0 ? Optional.empty() : Optional.ofNullable(columns.at(column));
    }

    /** Whether the member in a column holds all classes of that column. */
    public boolean isInSync(int column) {
        @Nullable Member member = columns.at(column);
        return member != null && member.held().containsAll(ClassSet.ofColumn(column, columns.count()));
    }

    /**
     * Whether the member of a column keeps the tracts of class r: its column is one of the class's, or it holds the class
     * beyond its column, because it has handed column 0 over and whoever took it has yet to get the class.
     */
    public boolean keeps(int column, int replicationClass) {
        @Nullable Member member = columns.at(column);
        return member != null && (column < replicationClass || member.holds(replicationClass));
    }

    /** Whether some member holds a class beyond its column. */
    public boolean isHandingOver() {
        for (int column = 0; column < columns.count(); column++) {
            @Nullable Member member = columns.at(column);
            if (member != null && !ClassSet.ofColumn(column, columns.count()).containsAll(member.held())) {
                return true;
            }
        }
        return false;
    }

    /** Whether class r takes no writes because its last holders are away (P2). */
    public boolean isFrozen(int replicationClass) {
        for (Waiting away : waiting) {
            if (away.classes().contains(replicationClass)) {
                return true;
            }
        }
        return false;
    }

    /** The classes that take no writes because their last holders are away (P2). */
    public ClassSet frozen() {
        ClassSet frozen = ClassSet.EMPTY;
        for (Waiting away : waiting) {
            frozen = frozen.plus(away.classes());
        }
        return frozen;
    }

    /** The effective class of a file of some replication: min(r, k), at least 1. */
    public int classOf(int replication) {
        return Math.max(1, Math.min(replication, columns.count()));
    }
}
