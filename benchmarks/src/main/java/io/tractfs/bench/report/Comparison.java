package io.tractfs.bench.report;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Two runs side by side. A row got worse if its median fell by more than a tenth and the rounds' ranges do not meet;
 * where both runs had HDFS beside it, the ratio to it must have fallen by a tenth too, which takes out what the machine
 * did meanwhile. Immutable.
 *
 * @param before the earlier run
 * @param after the later run
 */
public record Comparison(Results before, Results after) {
    private static final double TOLERANCE = 0.9;

    /** The rows of both as a table, and which got worse. */
    public String text() {
        Table table = new Table("row", "unit", "A", "B", "B/A", "A/HDFS", "B/HDFS", "");
        Map<String, RowResult> earlier = before.rows().stream()
                .collect(Collectors.toMap(RowResult::key, Function.identity(), (one, two) -> two));
        for (RowResult row : after.rows()) {
            RowResult old = earlier.get(row.key());
            SideResult ours = row.sides().get(RowResult.TRACTFS);
            SideResult oldOurs = old == null ? null : old.sides().get(RowResult.TRACTFS);
            if (old == null || ours == null || oldOurs == null) {
                continue;
            }
            table.add(List.of(
                    row.key(),
                    row.unit().rate(),
                    Numbers.of(oldOurs.median()),
                    Numbers.of(ours.median()),
                    Numbers.ratio(ours.median() / oldOurs.median()),
                    shown(old.ratio()),
                    shown(row.ratio()),
                    isWorse(old, row) ? "WORSE" : ""));
        }
        List<String> worse = worse();
        return table.text() + "\nWorse: " + (worse.isEmpty() ? "none" : String.join("; ", worse)) + "\n";
    }

    /** Keys of the rows that got worse. */
    public List<String> worse() {
        Map<String, RowResult> earlier = before.rows().stream()
                .collect(Collectors.toMap(RowResult::key, Function.identity(), (one, two) -> two));
        return after.rows().stream()
                .filter(row -> earlier.containsKey(row.key()) && isWorse(earlier.get(row.key()), row))
                .map(RowResult::key)
                .toList();
    }

    private static boolean isWorse(RowResult old, RowResult row) {
        SideResult oldOurs = old.sides().get(RowResult.TRACTFS);
        SideResult ours = row.sides().get(RowResult.TRACTFS);
        if (oldOurs == null || ours == null) {
            return oldOurs != null;
        }
        boolean slower = ours.median() < oldOurs.median() * TOLERANCE && ours.most() < oldOurs.least();
        boolean relative = old.ratio().isEmpty()
                || row.ratio().isEmpty()
                || row.ratio().getAsDouble() < old.ratio().getAsDouble() * TOLERANCE;
        return slower && relative;
    }

    private static String shown(OptionalDouble ratio) {
        return ratio.isPresent() ? Numbers.ratio(ratio.getAsDouble()) : "";
    }
}
