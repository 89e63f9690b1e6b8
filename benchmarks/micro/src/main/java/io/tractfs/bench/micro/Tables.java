package io.tractfs.bench.micro;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.Candidate;
import io.tractfs.metadata.planning.PlacementPlanner;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.metadata.planning.Roster;
import io.tractfs.metadata.planning.RowCase;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Tract tables to measure with. Stateless, thread-safe. */
final class Tables {
    /** Columns of a row. */
    static final int COLUMNS = 3;

    private static final long FREE_BYTES = 1L << 40;

    private Tables() {}

    /** Stores, one on each server. */
    static Roster roster(int stores) {
        return new Roster(IntStream.range(0, stores)
                .mapToObj(number -> new Candidate(
                        new StoreRef(new StoreId(new UUID(0, number)), new Incarnation(1)),
                        "server-" + number,
                        "/rack-" + number % 10,
                        FREE_BYTES))
                .toList());
    }

    /** Rows that are placed for the first time. */
    static List<RowCase> unassigned(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(index -> RowCase.unassigned(index, COLUMNS))
                .toList();
    }

    /** A table of placed rows. */
    static TableImage image(int rows, int stores) {
        List<Row> placed = new PlacementPlanner(roster(stores), COLUMNS)
                .plan(unassigned(rows), List.of(), RowVersion.of(new Epoch(1), 1)).stream()
                        .map(PlannedRow::row)
                        .toList();
        return new TableImage(
                new ClusterId(new UUID(0, 1)), new TableSequence(new Epoch(1), 1), COLUMNS, Map.of(), placed);
    }
}
