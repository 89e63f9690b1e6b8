package io.tractfs.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A run's results for people. Stateless, thread-safe. */
public final class ReportTable {
    private static final String NOTHING = "";

    private ReportTable() {}

    /** As text. */
    public static String text(Results results) {
        return environment(results, "")
                + "\n"
                + rows(results).text()
                + "\n"
                + bare(results).text()
                + summary(results);
    }

    /** As Markdown. */
    public static String markdown(Results results) {
        return "# Measured beside HDFS\n\nWritten by `bin/tractfs bench --markdown`; [performance.md](performance.md) says"
                + " how it is measured.\n\n"
                + environment(results, "- ")
                + "\n"
                + rows(results).markdown()
                + "\n"
                + bare(results).markdown()
                + "\n"
                + summary(results);
    }

    private static String environment(Results results, String bullet) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> entry : results.environment().entrySet()) {
            text.append(bullet)
                    .append(entry.getKey())
                    .append(": ")
                    .append(entry.getValue())
                    .append('\n');
        }
        return text.toString();
    }

    private static Table rows(Results results) {
        Table table = new Table(
                "workload, threads, copies, client, durability",
                "unit",
                "TractFS",
                "range",
                "p50; p99 µs",
                "CPU µs client; servers",
                "HDFS",
                "range",
                "p50; p99 µs",
                "CPU µs client; servers",
                "ratio",
                "goal",
                "bare");
        for (RowResult row : results.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.key(), row.unit().rate()));
            side(row.sides().get(RowResult.TRACTFS), cells);
            side(row.sides().get(RowResult.HDFS), cells);
            OptionalDouble ratio = row.ratio();
            cells.add(
                    ratio.isPresent()
                            ? Numbers.ratio(ratio.getAsDouble())
                            : row.error().isEmpty() ? NOTHING : "FAILED");
            cells.add(row.goal() == 0 ? NOTHING : Numbers.ratio(row.goal()));
            cells.add(Numbers.of(results.bareMedian(row.bare())));
            table.add(cells);
        }
        return table;
    }

    private static void side(@org.jspecify.annotations.Nullable SideResult side, List<String> cells) {
        if (side == null) {
            cells.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING));
            return;
        }
        cells.add(Numbers.of(side.median()));
        cells.add(Numbers.of(side.least()) + "–" + Numbers.of(side.most()));
        cells.add(Numbers.of(side.p50Us()) + "; " + Numbers.of(side.p99Us()));
        cells.add(Numbers.of(side.clientCpuUs()) + "; " + Numbers.of(side.serverCpuUs()));
    }

    private static Table bare(Results results) {
        Table table = new Table("bare path", "median", "range");
        results.bare().forEach((name, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            table.add(List.of(
                    name,
                    Numbers.of(results.bareMedian(name)),
                    Numbers.of(sorted.get(0)) + "–" + Numbers.of(sorted.get(sorted.size() - 1))));
        });
        return table;
    }

    private static String summary(Results results) {
        StringBuilder text = new StringBuilder();
        List<RowResult> compared =
                results.rows().stream().filter(row -> row.ratio().isPresent()).toList();
        if (!compared.isEmpty()) {
            List<String> slower = compared.stream()
                    .filter(row -> row.ratio().getAsDouble() < 1)
                    .map(row -> row.key() + " (" + Numbers.ratio(row.ratio().getAsDouble()) + ")")
                    .toList();
            long reached = compared.stream()
                    .filter(row -> row.goal() > 0 && row.ratio().getAsDouble() >= row.goal())
                    .count();
            long goals = compared.stream().filter(row -> row.goal() > 0).count();
            text.append("\nRows below 1.00: ")
                    .append(slower.isEmpty() ? "none" : String.join("; ", slower))
                    .append("\nGoals reached: " + reached + " of " + goals + "\n");
        }
        results.rows().stream()
                .filter(row -> !row.error().isEmpty())
                .forEach(row -> text.append("\nFAILED: ")
                        .append(row.key())
                        .append(": ")
                        .append(row.error())
                        .append('\n'));
        return text.toString();
    }
}
