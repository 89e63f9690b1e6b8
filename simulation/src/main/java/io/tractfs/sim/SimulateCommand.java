package io.tractfs.sim;

import io.tractfs.sim.fault.FaultKind;
import io.tractfs.sim.kernel.Trace;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.recovery.SimulateRecoveryCommand;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate}: runs seeds of the protocol under faults. Exit status 1 if a promise was broken. Not thread-safe. */
@Command(
        name = "simulate",
        description = {
            "Runs the protocol's own classes in one thread on virtual time, with clients, and with every fault that the",
            "seed draws: lost and doubled messages, partitions, killed and frozen processes, lost power, elections.",
            "Checks that nothing acknowledged is lost and nothing wrong is read. A seed always runs the same."
        },
        mixinStandardHelpOptions = true,
        subcommands = SimulateRecoveryCommand.class,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:Every seed held.", "1:A promise was broken.", "2:The command line is wrong."})
final class SimulateCommand implements Callable<Integer> {
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "S", description = "Run this seed only, and print what it saw.")
    private @Nullable Long seed;

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds; ${DEFAULT-VALUE} by default.")
    private long seeds = 200;

    @Option(names = "--from", paramLabel = "S", description = "The first of them; ${DEFAULT-VALUE} by default.")
    private long from = 1;

    @Option(names = "--trace", description = "Print every event.")
    private boolean traced;

    @Option(
            names = "--off",
            paramLabel = "RULE",
            description = "Switch a rule of the protocol off, to see the damage: ${COMPLETION-CANDIDATES}.")
    private Set<Rule> off = EnumSet.noneOf(Rule.class);

    @Option(
            names = "--with",
            paramLabel = "FAULT",
            description = "Let this go wrong too, whatever the seed draws: ${COMPLETION-CANDIDATES}.")
    private Set<FaultKind> more = EnumSet.noneOf(FaultKind.class);

    @Option(
            names = "--without-faults",
            paramLabel = "N,M-N",
            description = "Leave these faults of the seed out, by their numbers in the trace.")
    private String withoutFaults = "";

    @Option(
            names = "--without-files",
            paramLabel = "N,M-N",
            description = "Leave these files of the seed out: 1,000 times the writer's number plus the file's.")
    private String withoutFiles = "";

    @Option(names = "--calm-network", description = "Lose, double, delay and reorder no message by chance.")
    private boolean calmNetwork;

    @Option(
            names = "--no-shrink",
            negatable = false,
            description =
                    "Print the first failure as it is. Otherwise faults and files that do not matter are left out of it.")
    private boolean unshrunk;

    @Override
    public Integer call() {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds is " + seeds + ": expected 1 or more");
        }
        Omissions omissions = new Omissions(
                numbers("--without-faults", withoutFaults), numbers("--without-files", withoutFiles), calmNetwork);
        if (seed == null && !omissions.equals(Omissions.NONE)) {
            throw new ParameterException(
                    spec.commandLine(), "--without-faults, --without-files and --calm-network go with --seed");
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean held = seed == null ? runAll(out, omissions, from, seeds) : runAll(out, omissions, seed, 1);
        out.flush();
        return held ? 0 : 1;
    }

    private Set<Integer> numbers(String option, String text) {
        try {
            return text.isEmpty() ? Set.of() : Omissions.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    /** Only the first failure is brought down to what matters: a rule that is missing makes many fail. */
    private SimulationFailure shrunk(SimulationFailure failure, Omissions omissions, long before) {
        if (unshrunk || traced || before > 0) {
            return failure;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.printf("tractfs: seed %,d failed; leaving out what does not matter%n", failure.seed());
        err.flush();
        return Shrinker.shrink(failure, omissions, off, more);
    }

    private boolean runAll(PrintWriter out, Omissions omissions, long first, long count) {
        Consumer<String> listener = traced ? out::println : Trace.SILENT;
        Map<String, Long> totals = new TreeMap<>();
        long failed = 0;
        long nextProgress = System.nanoTime() + PROGRESS_NANOS;
        for (long run = first; run < first + count; run++) {
            try {
                SimulationResult result = Simulation.run(run, off, more, omissions, listener);
                add(totals, result);
                if (count == 1) {
                    out.println(result);
                }
            } catch (SimulationFailure e) {
                out.println(shrunk(e, omissions, failed).getMessage());
                failed++;
                out.flush();
            }
            if (System.nanoTime() - nextProgress >= 0) {
                nextProgress += PROGRESS_NANOS;
                PrintWriter err = spec.commandLine().getErr();
                err.printf("tractfs: seed %,d of %,d, %,d failed%n", run - first + 1, count, failed);
                err.flush();
            }
        }
        totals.forEach((what, number) -> out.printf("%-16s %,15d%n", what, number));
        out.println(failed == 0 ? "SIMULATION OK" : "SIMULATION FAILED: " + failed + " of " + count + " seeds");
        return failed == 0;
    }

    private static void add(Map<String, Long> totals, SimulationResult result) {
        totals.merge("seeds held", 1L, Long::sum);
        totals.merge("events", result.events(), Long::sum);
        totals.merge("calls", result.calls(), Long::sum);
        totals.merge("virtual ms", result.virtualMs(), Long::sum);
        totals.merge("files closed", result.filesClosed(), Long::sum);
        totals.merge("reads checked", result.reads(), Long::sum);
        totals.merge("tails measured", result.tails(), Long::sum);
        totals.merge("commands checked", result.commands(), Long::sum);
        result.faults().forEach((kind, number) -> totals.merge(kind.name(), (long) number, Long::sum));
    }
}
