package io.tractfs.bench.micro;

import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.metadata.planning.PlacementPlanner;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.metadata.planning.Roster;
import io.tractfs.metadata.planning.RowCase;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A plan for all rows of a new cluster: more than any failure makes it plan. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PlannerBenchmark {
    private static final RowVersion VERSION = RowVersion.of(new Epoch(1), 1);

    /** Rows to place. */
    @Param({"4096", "65536"})
    private int rows;

    /** Stores to place them on. */
    @Param({"5", "100"})
    private int stores;

    private List<RowCase> cases = List.of();
    private Roster roster = Tables.roster(1);

    /** Makes the table. */
    @Setup
    public void prepare() {
        cases = Tables.unassigned(rows);
        roster = Tables.roster(stores);
    }

    /** Places all rows. */
    @Benchmark
    public List<PlannedRow> plan() {
        return new PlacementPlanner(roster, Tables.COLUMNS).plan(cases, List.of(), VERSION);
    }
}
