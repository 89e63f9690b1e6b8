package io.tractfs.sim.check;

import io.tractfs.id.RowVersion;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.metadata.MetadataNode;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds leaders to I2 and I3: one membership per row and version for ever, and clients are shown only what the log knows
 * as published. Not thread-safe.
 */
public final class MembershipChecker implements MetadataNode.Watcher {
    private final Map<Key, List<String>> memberships = new HashMap<>();
    private final IntFunction<RowVersion> floors;

    private record Key(int row, RowVersion version) {}

    /** A checker that knows the floors. */
    public MembershipChecker(IntFunction<RowVersion> floors) {
        this.floors = floors;
    }

    @Override
    public void proposed(List<Effect.ProposedRow> rows) {
        rows.forEach(row -> checkOne(row.row()));
    }

    @Override
    public void published(List<Row> rows) {
        for (Row row : rows) {
            checkOne(row);
            if (row.version().isAfter(floors.apply(row.index()))) {
                throw new Violation("I3", "shown to clients above the floor: " + row);
            }
        }
    }

    private void checkOne(Row row) {
        List<String> members = new ArrayList<>();
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            @Nullable StoreRef ref = member == null ? null : member.ref();
            members.add(String.valueOf(ref));
        }
        List<String> known = memberships.putIfAbsent(new Key(row.index(), row.version()), members);
        if (known != null && !known.equals(members)) {
            throw new Violation(
                    "I2",
                    "row " + row.index() + " at version " + row.version() + " is " + members + " and was " + known);
        }
    }
}
