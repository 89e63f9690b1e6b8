package io.tractfs.bench.faults;

import io.tractfs.bench.report.FaultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the results of all clusters. Not thread-safe. */
final class FaultTable {
    /** What is measured. Immutable. */
    enum Measure {
        NOTICED_KILLED("killed server noticed, clients told, s", "1"),
        WHOLE("all copies there again after the kill, s", "5 with 2 GiB"),
        RATE("re-replication after it was noticed, MB/s", ""),
        COPY("cp and sync of the same bytes, s", "recovery in 1.25 times this"),
        NOTICED_FROZEN("frozen server noticed, clients told, s", "3"),
        WRITER_KILLED("writer's longest pause, member killed, s", "0.5"),
        READER_KILLED("reader's longest pause, member killed, s", "0.2"),
        WRITER_FROZEN("writer's longest pause, member frozen, s", "4"),
        READER_FROZEN("reader's longest pause, member frozen, s", "0.5"),
        NAMES("metadata server killed and started: to the next create, s", "2 with 100,000 files, 3 with 1,000,000");

        private final String text;
        private final String goal;

        Measure(String text, String goal) {
            this.text = text;
            this.goal = goal;
        }
    }

    private final Map<Measure, Map<String, Double>> values = new LinkedHashMap<>();

    void put(Measure measure, String cluster, double value) {
        values.computeIfAbsent(measure, any -> new LinkedHashMap<>()).put(cluster, value);
    }

    /** What is known, in the order of the measures. */
    List<FaultRow> rows() {
        List<FaultRow> rows = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            Map<String, Double> found = values.get(measure);
            if (found != null) {
                rows.add(new FaultRow(measure.text, measure.goal, found));
            }
        }
        return rows;
    }
}
