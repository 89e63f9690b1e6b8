package io.tractfs.metadata.server;

import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The floors that stores' claims prove, after a restore (P30). What was published is held by a holder of every class that is not
 * frozen (I3), so the highest version of which that is true is at or above the published one; a version above it that only some
 * members have was never published, and is left to be superseded. Where a holder will not come back, what the row says of it
 * counts, unless another member shows by an older claim that the version was never published. Not thread-safe.
 */
final class RestoredFloors {
    private final Map<Integer, Claims> claims = new HashMap<>();
    private final Set<StoreId> claimants = new HashSet<>();

    /** What one store holds of a row. */
    private record Claim(StoreId store, RowVersion version, ClassSet held) {}

    /** The claims to one row, with the row at each version that was claimed. */
    private record Claims(List<Claim> all, Map<RowVersion, Row> rows) {
        Claims() {
            this(new ArrayList<>(), new HashMap<>());
        }

        Optional<RowVersion> top() {
            return rows.keySet().stream().max(RowVersion::compareTo);
        }
    }

    /** A store's claim to a row. */
    void add(StoreId store, Row row) {
        Claims known = claims.computeIfAbsent(row.index(), index -> new Claims());
        known.all()
                .add(new Claim(
                        store,
                        row.version(),
                        row.member(store).map(Member::held).orElse(ClassSet.EMPTY)));
        known.rows().putIfAbsent(row.version(), row);
    }

    /** A store has claimed all that it has. */
    void claimed(StoreId store) {
        claimants.add(store);
    }

    /** Stores that the newest known membership of some row names, and that have not claimed. */
    Set<StoreId> missing() {
        Set<StoreId> missing = new HashSet<>();
        for (Claims known : claims.values()) {
            known.top().map(known.rows()::get).ifPresent(row -> addMissing(row, missing));
        }
        return missing;
    }

    private void addMissing(Row row, Set<StoreId> missing) {
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && !claimants.contains(member.ref().store())) {
                missing.add(member.ref().store());
            }
        }
        for (Waiting waiting : row.waiting()) {
            if (!claimants.contains(waiting.store())) {
                missing.add(waiting.store());
            }
        }
    }

    /** A floor for each row of which enough was claimed. */
    List<ClusterCommand.RowFloor> floors(int columns) {
        List<ClusterCommand.RowFloor> floors = new ArrayList<>();
        claims.forEach((index, known) -> known.rows().values().stream()
                .filter(row -> isWhole(known.all(), row, columns))
                .map(Row::version)
                .max(RowVersion::compareTo)
                .ifPresent(version -> floors.add(new ClusterCommand.RowFloor(index, version))));
        return floors;
    }

    private boolean isWhole(List<Claim> all, Row row, int columns) {
        ClassSet every = ClassSet.ofColumn(0, columns);
        ClassSet covered = ClassSet.EMPTY;
        for (Claim claim : all) {
            if (!row.version().isAfter(claim.version())) {
                covered = covered.plus(claim.held());
            }
        }
        for (Waiting waiting : row.waiting()) {
            covered = covered.plus(waiting.classes());
        }
        return covered.containsAll(every)
                || (covered.plus(heldByAbsent(row)).containsAll(every) && !isContradicted(all, row));
    }

    /** What the row says of members that will not come back. */
    private ClassSet heldByAbsent(Row row) {
        ClassSet held = ClassSet.EMPTY;
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && !claimants.contains(member.ref().store())) {
                held = held.plus(member.held());
            }
        }
        return held;
    }

    /** Whether a member that is here never accepted the row: then it was not published (P13). */
    private boolean isContradicted(List<Claim> all, Row row) {
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null
                    && claimants.contains(member.ref().store())
                    && all.stream()
                            .noneMatch(
                                    claim -> claim.store().equals(member.ref().store())
                                            && !row.version().isAfter(claim.version()))) {
                return true;
            }
        }
        return false;
    }
}
