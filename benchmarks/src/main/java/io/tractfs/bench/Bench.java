package io.tractfs.bench;

import io.tractfs.bench.bare.BarePaths;
import io.tractfs.bench.cluster.JavaProcess;
import io.tractfs.bench.cluster.Memory;
import io.tractfs.bench.cluster.Side;
import io.tractfs.bench.plan.Case;
import io.tractfs.bench.plan.Family;
import io.tractfs.bench.plan.Goals;
import io.tractfs.bench.plan.Preset;
import io.tractfs.bench.plan.Stage;
import io.tractfs.bench.plan.TimeBudget;
import io.tractfs.bench.report.RowResult;
import io.tractfs.bench.report.SideResult;
import io.tractfs.bench.worker.Request;
import io.tractfs.bench.worker.Sample;
import io.tractfs.bench.worker.WorkerMain;
import io.tractfs.bench.worker.WorkerProcess;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the sides through cases in turns, on clusters that are up: A, B, A, B, after each side has warmed up. Confined
 * to the conductor's thread.
 */
final class Bench implements AutoCloseable {
    private final Preset preset;
    private final List<Side> sides;
    private final TimeBudget budget;
    private final Progress progress;
    private final Map<Side, WorkerProcess> workers = new LinkedHashMap<>();

    /** Starts a client for each side. */
    Bench(Preset preset, List<Side> sides, TimeBudget budget, Path logs, Progress progress) throws IOException {
        this.preset = preset;
        this.sides = List.copyOf(sides);
        this.budget = budget;
        this.progress = progress;
        for (Side side : sides) {
            List<String> options = new ArrayList<>(Memory.CLIENT.options());
            options.addAll(side.clientOptions());
            Process process = new JavaProcess(WorkerMain.class.getName(), options, List.of())
                    .start(logs.resolve("client-" + side.name() + ".log"));
            workers.put(side, new WorkerProcess(side.name(), process));
        }
    }

    /** Runs every family once for a short time on each side, so that the first case finds nothing cold. */
    void warm(List<Case> cases) throws IOException {
        for (Family family : Family.values()) {
            for (Case one : cases.stream()
                    .filter(any -> any.family() == family)
                    .limit(1)
                    .toList()) {
                for (Side side : sides) {
                    progress.now("warming up " + side.name() + ": " + family.word());
                    ask(side, Request.Action.PREPARE, one, 0);
                    ask(side, Request.Action.ROUND, one, preset.warmMillis());
                }
            }
        }
    }

    /** Runs a case and returns its rows. One that fails has rows that say why. */
    List<RowResult> run(Case one, String position) {
        double part = budget.begin(one);
        Map<String, List<List<Sample>>> rounds = new LinkedHashMap<>();
        String error = "";
        try {
            for (Side side : sides) {
                progress.now(position + " " + one.title() + ": preparing " + side.name());
                rounds.put(side.name(), new ArrayList<>());
                ask(side, Request.Action.PREPARE, one, 0);
                ask(side, Request.Action.ROUND, one, (long) (part * preset.warmMillis()));
            }
            for (int round = 1; round <= preset.rounds(); round++) {
                for (Side side : sides) {
                    progress.now(position + " " + one.title() + ": round " + round + " " + side.name());
                    rounds.computeIfAbsent(side.name(), any -> new ArrayList<>())
                            .add(ask(side, Request.Action.ROUND, one, (long) (part * preset.roundMillis())));
                }
            }
        } catch (IOException e) {
            error = String.valueOf(e.getMessage());
        }
        budget.end(one);
        return rows(one, rounds, error);
    }

    private List<RowResult> rows(Case one, Map<String, List<List<Sample>>> rounds, String error) {
        List<RowResult> rows = new ArrayList<>();
        for (int index = 0; index < one.family().stages().size(); index++) {
            Stage stage = one.family().stages().get(index);
            Map<String, SideResult> results = new LinkedHashMap<>();
            int at = index;
            rounds.forEach((side, samples) -> {
                if (!samples.isEmpty()) {
                    results.put(
                            side,
                            SideResult.of(
                                    stage.unit(),
                                    samples.stream().map(round -> round.get(at)).toList()));
                }
            });
            rows.add(new RowResult(
                    stage.name(),
                    one.threads(),
                    one.replication(),
                    one.location().toString(),
                    one.durability().toString(),
                    stage.unit(),
                    results,
                    Goals.of(stage, one).orElse(0),
                    BarePaths.boundOf(one),
                    error));
        }
        return rows;
    }

    private List<Sample> ask(Side side, Request.Action action, Case one, long millis) throws IOException {
        WorkerProcess worker = workers.get(side);
        if (worker == null) {
            throw new IOException(side.name() + " has no client.");
        }
        return worker.ask(new Request(
                action,
                one,
                side.clientSettings(one.location(), one.durability()),
                (long) preset.fileMiB() << 20,
                millis,
                side.servers()));
    }

    /** Ends the clients. */
    @Override
    public void close() {
        workers.values().forEach(WorkerProcess::close);
    }
}
