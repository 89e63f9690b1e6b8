package io.tractfs.bench.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tractfs.bench.plan.Unit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A row of the table. Immutable.
 *
 * @param workload name of the stage
 * @param threads threads of the client
 * @param replication copies, 0 where there is no data
 * @param where where the client is
 * @param durability what written bytes survive
 * @param unit what the rate counts
 * @param sides results by side
 * @param goal ratio to reach, 0 if none is set
 * @param bare the measure of the machine that bounds the row
 * @param error empty, or why there is no result
 */
public record RowResult(
        String workload,
        int threads,
        int replication,
        String where,
        String durability,
        Unit unit,
        Map<String, SideResult> sides,
        double goal,
        String bare,
        String error) {
    /** Our side. */
    public static final String TRACTFS = "tractfs";

    /** The other side. */
    public static final String HDFS = "hdfs";

    /** What tells the row from others. */
    @JsonIgnore
    public String key() {
        return workload + ", " + threads + (replication == 0 ? "" : ", r" + replication)
                + (where.equals("-") ? "" : ", " + where)
                + (durability.equals("-") ? "" : ", " + durability);
    }

    /** A side's result. */
    public Optional<SideResult> side(String name) {
        return Optional.ofNullable(sides.get(name));
    }

    /** Our rate over that of HDFS. */
    public OptionalDouble ratio() {
        SideResult ours = sides.get(TRACTFS);
        SideResult theirs = sides.get(HDFS);
        return ours == null || theirs == null || theirs.median() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(ours.median() / theirs.median());
    }
}
