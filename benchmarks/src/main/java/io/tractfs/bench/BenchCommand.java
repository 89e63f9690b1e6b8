package io.tractfs.bench;

import io.tractfs.bench.cluster.Trees;
import io.tractfs.bench.faults.FaultsCommand;
import io.tractfs.bench.plan.Case;
import io.tractfs.bench.plan.Family;
import io.tractfs.bench.plan.Preset;
import io.tractfs.bench.report.Comparison;
import io.tractfs.bench.report.ReportTable;
import io.tractfs.bench.report.Results;
import io.tractfs.bench.report.RowResult;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: workloads on TractFS, and on HDFS in turns with it. Confined to the command's thread. */
@Command(
        name = "tractfs bench",
        description = {
            "Runs workloads on a fresh TractFS cluster, and in turns with it on a fresh HDFS, all of it processes on this",
            "machine. Prints rates, times of calls, processor time per call and the ratio; docs/performance.md explains."
        },
        subcommands = FaultsCommand.class,
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final int LEAST_PORT = 1024;

    @Option(names = "--against", paramLabel = "hdfs", description = "Run HDFS beside it.")
    private Optional<String> against = Optional.empty();

    @ArgGroup(exclusive = true)
    private Length length = new Length();

    /** How long. */
    private static final class Length {
        @Option(names = "--quick", description = "Within 10 minutes.")
        private boolean quick;

        @Option(names = "--full", description = "All combinations, longer rounds: about two hours.")
        private boolean full;

        @Option(names = "--smoke", description = "A few seconds, to see that it runs; the numbers say nothing.")
        private boolean smoke;

        private Preset preset() {
            return quick ? Preset.QUICK : full ? Preset.FULL : smoke ? Preset.SMOKE : Preset.NORMAL;
        }
    }

    @Option(names = "--workload", paramLabel = "NAMES", split = ",", description = "Only these, separated by commas.")
    private List<String> workloads = List.of();

    @Option(
            names = "--replication",
            paramLabel = "COPIES",
            split = ",",
            description = "Copies of files; 1,3 by default. Reads use the last, unless --full.")
    private List<Integer> replications = List.of(1, 3);

    @Option(names = "--servers", paramLabel = "N", description = "Tract servers, and DataNodes; 4 by default.")
    private int servers = 4;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables there.")
    private Optional<Path> markdown = Optional.empty();

    @Option(
            names = "--compare",
            paramLabel = "A.json B.json",
            arity = "2",
            description = "Run nothing: show two results side by side. Status 1 if a row got worse.")
    private List<Path> compare = List.of();

    @Option(names = "--dir", paramLabel = "DIR", description = "Where data and logs go; a temporary one by default.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--port-base", paramLabel = "P", description = "First of 400 ports; ${DEFAULT-VALUE} by default.")
    private int portBase = 16_100;

    @Option(names = "--keep", description = "Keep the logs in the directory at the end.")
    private boolean keep;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandFailure {
        try {
            return compare.isEmpty() ? bench() : compareResults();
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private int compareResults() throws IOException {
        Comparison comparison = new Comparison(Results.load(compare.get(0)), Results.load(compare.get(1)));
        System.out.print(comparison.text());
        return comparison.worse().isEmpty() ? 0 : 1;
    }

    private int bench() throws IOException, CommandFailure {
        checkOptions();
        Preset preset = length.preset();
        List<Case> cases = preset.cases(families(), new LinkedHashSet<>(replications));
        Path root =
                directory.isPresent() ? directory.get().toAbsolutePath() : Files.createTempDirectory("tractfs-bench");
        BenchRun.Layout layout =
                new BenchRun.Layout(Launcher.ofThisProcess().script(), root, servers, portBase, against.isPresent());
        Files.createDirectories(layout.logs());
        Progress progress = Progress.standard();
        Results results = new BenchRun(preset, layout, progress).run(cases, row -> progress.line(line(row)));
        System.out.print(ReportTable.text(results));
        if (json.isPresent()) {
            results.save(json.get());
        }
        if (markdown.isPresent()) {
            Files.writeString(markdown.get(), ReportTable.markdown(results));
        }
        boolean failed = results.rows().stream().anyMatch(row -> !row.error().isEmpty());
        if (failed || keep) {
            progress.line("logs are in " + layout.logs());
        } else {
            Trees.remove(directory.isPresent() ? layout.logs() : root);
        }
        return failed ? 1 : 0;
    }

    private void checkOptions() {
        if (against.isPresent() && !against.get().equalsIgnoreCase("hdfs")) {
            throw wrong("Unknown other side '" + against.get() + "': only hdfs.");
        }
        if (servers < 1 || replications.stream().anyMatch(copies -> copies < 1 || copies > servers)) {
            throw wrong("Copies must be between 1 and the number of servers, which is " + servers + ".");
        }
        if (portBase < LEAST_PORT || portBase > 65_000) {
            throw wrong("--port-base must be between " + LEAST_PORT + " and 65000.");
        }
    }

    private Set<Family> families() {
        Set<Family> chosen = new LinkedHashSet<>();
        for (String word : workloads) {
            chosen.add(Arrays.stream(Family.values())
                    .filter(family -> family.word().equals(word.trim()))
                    .findFirst()
                    .orElseThrow(() -> wrong("Unknown workload '" + word + "'; there are "
                            + Arrays.stream(Family.values()).map(Family::word).collect(Collectors.joining(", "))
                            + ".")));
        }
        return chosen.isEmpty() ? Set.of(Family.values()) : chosen;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static String line(RowResult row) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-44s", row.key()));
        row.sides()
                .forEach((name, side) -> text.append(String.format(
                        Locale.ROOT,
                        " %s %,.0f %s",
                        name,
                        side.median(),
                        row.unit().rate())));
        row.ratio().ifPresent(ratio -> text.append(String.format(Locale.ROOT, ", ratio %.2f", ratio)));
        return row.error().isEmpty()
                ? text.toString()
                : text + " FAILED: " + row.error().lines().findFirst().orElse("");
    }
}
