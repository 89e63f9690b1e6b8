package io.tractfs.tract.store;

import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.tract.format.ReplicationChange;
import java.util.List;

/**
 * What a store holds of one tract. Immutable.
 *
 * @param tract the tract
 * @param length held from 0 without a gap
 * @param ranges held beyond it, ascending, disjoint
 * @param generation highest seen
 * @param version row version of the last write
 * @param replication of the segment
 * @param tractSize of the segment
 * @param acknowledgedLength of the segment, as recorded (P21)
 * @param damaged ranges that do not verify, chunk-aligned
 * @param change how far a change of the replication has come (P33)
 */
public record TractState(
        TractId tract,
        int length,
        List<Span> ranges,
        Generation generation,
        RowVersion version,
        int replication,
        int tractSize,
        long acknowledgedLength,
        List<Span> damaged,
        ReplicationChange change) {
    /** A tract whose replication was never changed. */
    public TractState(
            TractId tract,
            int length,
            List<Span> ranges,
            Generation generation,
            RowVersion version,
            int replication,
            int tractSize,
            long acknowledgedLength,
            List<Span> damaged) {
        this(
                tract,
                length,
                ranges,
                generation,
                version,
                replication,
                tractSize,
                acknowledgedLength,
                damaged,
                ReplicationChange.NONE);
    }

    /** Copies the lists. */
    public TractState {
        ranges = List.copyOf(ranges);
        damaged = List.copyOf(damaged);
    }

    /** Whether whoever copies some of these classes of a row needs this tract: of all that a change touches (P33). */
    public boolean belongsTo(ClassSet classes, Row row) {
        int own = row.classOf(replication);
        int other = change.other() == 0 ? own : row.classOf(change.other());
        for (int touched = Math.min(own, other); touched <= Math.max(own, other); touched++) {
            if (classes.contains(touched)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether something is or was here of which nobody can say what it held: the file is gone or says nothing usable. Then
     * length, replication and size of this state mean nothing, and any other store's copy is better.
     */
    public boolean isUnreadable() {
        return version.equals(RowVersion.NONE) && !damaged.isEmpty();
    }

    /**
     * A stretch of bytes. Immutable.
     *
     * @param from first byte
     * @param to byte after the last
     */
    public record Span(int from, int to) {}
}
