package io.tractfs.metadata.server;

import io.tractfs.id.RowVersion;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The floors that stores' claims prove, after a restore (P30). What was published is held by a holder of every class that is not
 * frozen (I3), so the highest version of which that is true is at or above the published one; a version above it that only some
 * members have was never published, and is left to be superseded. Not thread-safe.
 */
final class RestoredFloors {
    private final Map<Integer, List<Claim>> claims = new HashMap<>();

    /** What one store holds of a row. */
    private record Claim(RowVersion version, ClassSet held, ClassSet frozen) {}

    /** A store's claim; {@code held} is what it has of the row itself. */
    void add(Row row, ClassSet held) {
        ClassSet frozen = ClassSet.EMPTY;
        for (Waiting waiting : row.waiting()) {
            frozen = frozen.plus(waiting.classes());
        }
        claims.computeIfAbsent(row.index(), index -> new ArrayList<>()).add(new Claim(row.version(), held, frozen));
    }

    /** A floor for each row of which enough was claimed. */
    List<ClusterCommand.RowFloor> floors(int columns) {
        List<ClusterCommand.RowFloor> floors = new ArrayList<>();
        claims.forEach((row, list) -> list.stream()
                .map(Claim::version)
                .filter(version -> isWhole(list, version, columns))
                .max(RowVersion::compareTo)
                .ifPresent(version -> floors.add(new ClusterCommand.RowFloor(row, version))));
        return floors;
    }

    private static boolean isWhole(List<Claim> claims, RowVersion version, int columns) {
        ClassSet covered = ClassSet.EMPTY;
        for (Claim claim : claims) {
            if (!version.isAfter(claim.version())) {
                covered = covered.plus(claim.held());
            }
            if (claim.version().equals(version)) {
                covered = covered.plus(claim.frozen());
            }
        }
        return covered.containsAll(ClassSet.ofColumn(0, columns));
    }
}
