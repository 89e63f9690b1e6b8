package io.tractfs.sim.check;

import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which disks hold a class of a row whole, by what is on them: the record is at or above the floor, names the store as a
 * member with the class, and no power loss has put it in doubt since. Not thread-safe.
 */
public final class Holders {
    private static final int COLUMNS = 3;

    private final List<StoreDisk> disks;
    private final IntFunction<RowVersion> floors;
    private final int rows;
    private final Set<Doubt> doubts = new HashSet<>();
    /** Of those, the ones that a plan has judged and that are being compared. */
    private final Set<Doubt> merges = new HashSet<>();

    private record Doubt(StoreDisk disk, int row) {}

    /** The holders among these disks. */
    public Holders(List<StoreDisk> disks, IntFunction<RowVersion> floors, int rows) {
        this.disks = disks;
        this.floors = floors;
        this.rows = rows;
    }

    int rowOf(TractId tract) {
        return RowHash.rowOf(tract, rows);
    }

    List<StoreDisk> disks() {
        return disks;
    }

    /** Whether a disk is a holder of what a file of some replication has in a row. */
    boolean isHolder(StoreDisk disk, int row, int replication) {
        return !doubts.contains(new Doubt(disk, row)) && isHolderIfTrue(disk, row, replication);
    }

    /** The same, if what the disk says of the row can be trusted. */
    boolean isHolderIfTrue(StoreDisk disk, int row, int replication) {
        @Nullable HeldRow held = disk.rows().get(row);
        if (held == null) {
            return false;
        }
        Row membership = held.row();
        int replicationClass = membership.classOf(replication);
        int column = membership.columnOf(disk.id());
        return !membership.version().isBefore(floors.apply(row))
                && column >= 0
                && column < replicationClass
                && held.held().contains(replicationClass);
    }

    /** Whether the newest membership waits for what a disk has of a row for files of some replication (P2). */
    boolean isAwaited(StoreDisk disk, int row, int replication) {
        @Nullable HeldRow own = disk.rows().get(row);
        return own != null
                && disks.stream()
                        .map(other -> other.rows().get(row))
                        .filter(held -> held != null && !held.row().version().isBefore(floors.apply(row)))
                        .anyMatch(held -> held.row().waiting().stream()
                                .anyMatch(away -> away.store().equals(disk.id())
                                        && !own.row().version().isBefore(away.version())
                                        && away.classes()
                                                .intersect(own.held())
                                                .contains(held.row().classOf(replication))));
    }

    /** Whether each class of each row has a holder among some disks. */
    boolean areWhole(Collection<StoreDisk> some) {
        for (int row = 0; row < rows; row++) {
            for (int replication = 1; replication <= COLUMNS; replication++) {
                int at = row;
                int of = replication;
                if (some.stream().noneMatch(disk -> isHolder(disk, at, of))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A disk lost power: nothing that it says of its rows counts before a plan has judged it (P7). */
    void doubt(StoreDisk disk) {
        for (int row : disk.rows().keySet()) {
            doubts.add(new Doubt(disk, row));
            merges.remove(new Doubt(disk, row));
        }
    }

    /**
     * A plan has judged a row of a disk.
     *
     * @param merging whether it is used though unclean, so that it has to be compared with the others first (P7)
     */
    void judged(StoreDisk disk, int row, boolean merging) {
        Doubt doubt = new Doubt(disk, row);
        if (merging && doubts.contains(doubt)) {
            merges.add(doubt);
        } else {
            doubts.remove(doubt);
        }
    }

    /** A copy that was used though unclean was compared with the others. */
    void merged(StoreDisk disk, int row) {
        Doubt doubt = new Doubt(disk, row);
        if (merges.remove(doubt)) {
            doubts.remove(doubt);
        }
    }

    /** Whether some copy that is used though unclean is still to be compared with the others (P7). */
    boolean isMerging() {
        return merges.stream().anyMatch(merge -> doubts.contains(merge) && disks.contains(merge.disk()));
    }
}
