package io.tractfs.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fault table for people. Stateless, thread-safe. */
public final class FaultReport {
    private FaultReport() {}

    /** As text. */
    public static String text(List<FaultRow> rows) {
        return table(rows).text();
    }

    /** As Markdown. */
    public static String markdown(List<FaultRow> rows) {
        return "# Faults beside HDFS\n\nWritten by `bin/tractfs bench faults --markdown`; [performance.md](performance.md)"
                + " says how it is measured.\n\n"
                + table(rows).markdown();
    }

    private static Table table(List<FaultRow> rows) {
        Set<String> clusters = new LinkedHashSet<>();
        rows.forEach(row -> clusters.addAll(row.values().keySet()));
        List<String> head = new ArrayList<>(List.of("what"));
        head.addAll(clusters);
        head.add("goal");
        Table table = new Table(head.toArray(String[]::new));
        for (FaultRow row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.what()));
            for (String cluster : clusters) {
                Double value = row.values().get(cluster);
                cells.add(value == null ? "" : Numbers.of(value));
            }
            cells.add(row.goal());
            table.add(cells);
        }
        return table;
    }
}
