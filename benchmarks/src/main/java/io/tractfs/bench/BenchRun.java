package io.tractfs.bench;

import io.tractfs.bench.bare.BarePaths;
import io.tractfs.bench.bare.FreeMemory;
import io.tractfs.bench.cluster.HdfsSide;
import io.tractfs.bench.cluster.Side;
import io.tractfs.bench.cluster.TractFsSide;
import io.tractfs.bench.plan.Case;
import io.tractfs.bench.plan.Preset;
import io.tractfs.bench.plan.TimeBudget;
import io.tractfs.bench.report.Results;
import io.tractfs.bench.report.RowResult;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A whole run: clusters for the cases without sync at close, and fresh ones for those with it, since HDFS decides that
 * per DataNode. Confined to the conductor's thread.
 */
final class BenchRun {
    private static final int HDFS_PORTS = 200;
    private static final long BARE_MILLIS = 300;

    private final Preset preset;
    private final Layout layout;
    private final Progress progress;
    private final Map<String, List<Double>> bare = new LinkedHashMap<>();
    private final List<RowResult> rows = new ArrayList<>();
    private int done;

    /**
     * What a run consists of. Immutable.
     *
     * @param launcher path of {@code bin/tractfs}
     * @param directory where all data and logs go
     * @param servers tract servers, and DataNodes
     * @param portBase first port
     * @param againstHdfs whether HDFS runs beside TractFS
     */
    record Layout(Path launcher, Path directory, int servers, int portBase, boolean againstHdfs) {
        Path logs() {
            return directory.resolve("logs");
        }
    }

    BenchRun(Preset preset, Layout layout, Progress progress) {
        this.preset = preset;
        this.layout = layout;
        this.progress = progress;
    }

    /** Runs all cases; each row is given out as soon as it is known. */
    Results run(List<Case> cases, Consumer<RowResult> onRow) throws IOException {
        TimeBudget budget = new TimeBudget(preset, cases, layout.againstHdfs() ? 2 : 1, System::nanoTime);
        if (!preset.equals(Preset.SMOKE)) {
            progress.now("touching free memory");
            progress.line("touched " + FreeMemory.touch(layout.logs().resolve("memory.log")) + " MiB of free memory");
        }
        Map<String, String> environment = Environment.describe(preset, layout);
        for (boolean sync : List.of(false, true)) {
            List<Case> some =
                    cases.stream().filter(one -> one.needsSyncOnClose() == sync).toList();
            if (!some.isEmpty()) {
                runOnClusters(some, cases.size(), sync, budget, onRow);
            }
        }
        return new Results(Results.SCHEMA_VERSION, environment, bare, List.copyOf(rows));
    }

    private void runOnClusters(List<Case> cases, int total, boolean sync, TimeBudget budget, Consumer<RowResult> onRow)
            throws IOException {
        List<Side> sides = new ArrayList<>();
        Thread cleaner = new Thread(() -> sides.forEach(Side::close), "bench-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            sides.addAll(sides(sync));
            for (Side side : sides) {
                progress.line("starting " + side.name() + " with " + layout.servers() + " data servers");
                side.start();
            }
            measureBare();
            try (Bench bench = new Bench(preset, sides, budget, layout.logs(), progress)) {
                bench.warm(cases);
                for (Case one : cases) {
                    done++;
                    List<RowResult> found = bench.run(one, "[" + done + "/" + total + "]");
                    found.forEach(onRow);
                    rows.addAll(found);
                }
            }
            measureBare();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            sides.forEach(Side::close);
        }
    }

    private List<Side> sides(boolean sync) throws IOException {
        List<Side> sides = new ArrayList<>();
        sides.add(new TractFsSide(
                layout.launcher(),
                layout.directory().resolve("tractfs"),
                layout.logs(),
                layout.servers(),
                layout.portBase()));
        if (layout.againstHdfs()) {
            sides.add(HdfsSide.of(
                    layout.directory().resolve("hdfs"),
                    layout.logs(),
                    layout.servers(),
                    layout.portBase() + HDFS_PORTS,
                    sync,
                    Map.of()));
        }
        return sides;
    }

    private void measureBare() throws IOException {
        progress.now("measuring the machine without a file system");
        new BarePaths(layout.directory())
                .measure(preset.equals(Preset.SMOKE) ? 1 : BARE_MILLIS)
                .forEach((name, value) ->
                        bare.computeIfAbsent(name, any -> new ArrayList<>()).add(value));
        bare.forEach((name, values) ->
                progress.now(String.format(Locale.ROOT, "%s: %.0f", name, values.get(values.size() - 1))));
    }
}
