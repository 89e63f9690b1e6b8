package io.tractfs.sim.recovery;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.Candidate;
import io.tractfs.metadata.planning.ColumnCounts;
import io.tractfs.metadata.planning.Copy;
import io.tractfs.metadata.planning.Load;
import io.tractfs.metadata.planning.PlacementPlanner;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.metadata.planning.Roster;
import io.tractfs.metadata.planning.RowCase;
import io.tractfs.sim.recovery.RecoveryScenario.Placement;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that lost a member and got another one, and how long the planner took over it. Immutable.
 *
 * @param planned rows with their new members
 * @param planNanos real time that the planner took, the median of several; 0 where it was not asked
 */
record FailedTable(List<Row> planned, long planNanos) {
    private static final int COLUMNS = RecoveryScenario.REPLICATION;
    /** The same plan is made so often, so that the time is that of a leader which has planned before. */
    private static final int TIMED_PLANS = 9;

    private static final RowVersion PLACED = RowVersion.of(new Epoch(1), 1);
    private static final RowVersion RECOVERED = RowVersion.of(new Epoch(1), 2);

    /** Builds the table, fails the disks and replaces them. */
    static FailedTable of(RecoveryScenario scenario) {
        List<Candidate> all = candidates(scenario);
        List<Row> table = place(all, scenario.rows());
        List<Candidate> live = all.subList(scenario.failedDisks(), all.size());
        List<Row> hit = new ArrayList<>();
        ColumnCounts counts = new ColumnCounts(COLUMNS);
        for (Row row : table) {
            counts.add(row.columns());
            if (hasFailed(row, scenario)) {
                hit.add(row);
            }
        }
        if (scenario.placement() == Placement.RANDOM) {
            SplittableRandom random = new SplittableRandom(scenario.seed());
            return new FailedTable(
                    hit.stream()
                            .map(row -> replaceAtRandom(row, live, scenario, random))
                            .toList(),
                    0);
        }
        List<RowCase> cases = hit.stream().map(row -> failed(row, scenario)).toList();
        Predicate<Row> isHit = row -> hasFailed(row, scenario);
        List<PlannedRow> planned = List.of();
        long[] took = new long[TIMED_PLANS];
        for (int i = 0; i < TIMED_PLANS; i++) {
            long start = System.nanoTime();
            Roster roster = new Roster(live);
            Load load = Load.countsPairs(roster)
                    ? counted(roster, table, isHit.negate())
                    : Load.of(roster, COLUMNS, counts).without(hit);
            planned = new PlacementPlanner(roster, COLUMNS).plan(cases, load, RECOVERED);
            took[i] = System.nanoTime() - start;
        }
        Arrays.sort(took);
        return new FailedTable(planned.stream().map(PlannedRow::row).toList(), took[TIMED_PLANS / 2]);
    }

    private static Load counted(Roster roster, List<Row> table, Predicate<Row> others) {
        Load load = new Load(roster, COLUMNS);
        table.stream().filter(others).forEach(row -> load.add(row.columns()));
        return load;
    }

    /** The number of a disk. */
    static int disk(StoreRef ref) {
        return (int) ref.store().value().getLeastSignificantBits();
    }

    private static List<Candidate> candidates(RecoveryScenario scenario) {
        return IntStream.range(0, scenario.disks())
                .mapToObj(disk -> new Candidate(
                        new StoreRef(new StoreId(new UUID(0, disk)), new Incarnation(1)),
                        "server-" + disk / scenario.disksPerServer(),
                        "/default-rack",
                        1L << 40))
                .toList();
    }

    private static List<Row> place(List<Candidate> all, int rows) {
        List<RowCase> empty = IntStream.range(0, rows)
                .mapToObj(index -> RowCase.unassigned(index, COLUMNS))
                .toList();
        return new PlacementPlanner(new Roster(all), COLUMNS)
                .plan(empty, List.of(), PLACED).stream().map(PlannedRow::row).toList();
    }

    private static boolean hasFailed(Row row, RecoveryScenario scenario) {
        for (int column = 0; column < COLUMNS; column++) {
            if (isFailed(row.columns().at(column), scenario)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFailed(@Nullable Member member, RecoveryScenario scenario) {
        return member != null && disk(member.ref()) < scenario.failedDisks();
    }

    private static RowCase failed(Row row, RecoveryScenario scenario) {
        Map<StoreId, Copy> copies = new HashMap<>();
        for (int column = 0; column < COLUMNS; column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && !isFailed(member, scenario)) {
                copies.put(member.ref().store(), Copy.of(member.held()));
            }
        }
        return new RowCase(row, PLACED, copies, Set.of(), 0, false);
    }

    private static Row replaceAtRandom(
            Row row, List<Candidate> live, RecoveryScenario scenario, SplittableRandom random) {
        Columns columns = row.columns();
        for (int column = 0; column < COLUMNS; column++) {
            if (isFailed(columns.at(column), scenario)) {
                StoreRef replacement = live.get(random.nextInt(live.size())).ref();
                while (row.columnOf(replacement.store()) >= 0) {
                    replacement = live.get(random.nextInt(live.size())).ref();
                }
                columns = columns.with(column, new Member(replacement, ClassSet.EMPTY));
            }
        }
        return new Row(row.index(), RECOVERED, columns, List.of());
    }
}
