package io.tractfs.metadata.replication;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what the members of a tract's row have to do for one step of a change of its replication (P33).
 *
 * <p><b>Goals.</b> Once a step is done, every holder of a class that the tract belongs to has it, and whoever becomes one
 * later copies it from such a holder.
 *
 * <p><b>Constraints.</b> A step is planned only for a row whose members are all in sync, and counts only if every member
 * does its part under that version of the row: then all that any later version copies from has been told. Classes that wait
 * for a store that is away (P2) hinder only the tracts that belong to them: whoever is waited for counts as a holder of those
 * classes alone when he returns, so what he was not told of the others does no harm.
 *
 * <p><b>Algorithm.</b> Beginning: the members of the old class stamp the tract as one of both classes, then those of the
 * new class that have not got it bring it and stamp it too; the new replication may be committed now. Ending: the members of
 * the new class forget the old one, then all others drop their copies.
 *
 * <p><b>Example.</b> Row ABC, from 2 to 3: A and B stamp "2 and 3", C brings the tract. Committed: A, B and C stamp "3". From 3
 * to 2: A, B and C stamp "3 and 2". Committed: A and B stamp "2", C drops its copy.
 *
 * <p>Pure functions.
 */
public final class ReplicationPlanner {
    private ReplicationPlanner() {}

    /**
     * What one member does. Immutable.
     *
     * @param member who
     * @param trim whether it drops its copy; else it holds it and stamps it
     * @param classes that it has to hold whole while it does: those of its column that are not frozen
     */
    public record Step(Member member, boolean trim, ClassSet classes) {}

    /**
     * One after the other: what the members do at the same time.
     *
     * @param replication that counts
     * @param other what it becomes, or what it was if that is committed
     * @return empty while the row is not in a state for it
     */
    public static Optional<List<List<Step>>> plan(Row row, int replication, int other, boolean committed) {
        int present = row.classOf(replication);
        int columns = row.columns().count();
        ClassSet frozen = row.frozen();
        if (row.isHandingOver()
                || !frozen.intersect(between(present, row.classOf(other))).isEmpty()) {
            return Optional.empty();
        }
        List<Step> first = new ArrayList<>();
        List<Step> second = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member == null) {
                continue;
            }
            ClassSet classes = ClassSet.ofColumn(column, columns).minus(frozen);
            if (!member.held().containsAll(classes)) {
                return Optional.empty();
            }
            if (column < present) {
                first.add(new Step(member, false, classes));
            } else if (committed) {
                second.add(new Step(member, true, classes));
            } else if (column < row.classOf(other)) {
                second.add(new Step(member, false, classes));
            }
        }
        return first.isEmpty() ? Optional.empty() : Optional.of(List.of(first, second));
    }

    /** The classes that a tract belongs to while it changes. */
    private static ClassSet between(int present, int other) {
        return ClassSet.ofColumn(Math.min(present, other) - 1, Math.max(present, other));
    }
}
