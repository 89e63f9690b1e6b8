package io.tractfs.sim;

import io.tractfs.sim.protocol.Rule;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs seeds from the command line: {@code --seed S} one of them, {@code --seeds N} those from 1 (or {@code --from S}) on;
 * {@code --trace} prints every event, {@code --off RULE} switches a rule of the protocol off. Not thread-safe.
 */
public final class SimulationMain {
    private final PrintStream out;
    private final Set<Rule> off = EnumSet.noneOf(Rule.class);
    private long first = 1;
    private long count = 50;
    private boolean traced;

    private SimulationMain(PrintStream out) {
        this.out = out;
    }

    /** Exits with 0 if every seed held. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out));
    }

    /** As {@link #main}, without the exit. */
    static int run(String[] arguments, PrintStream out) {
        SimulationMain main = new SimulationMain(out);
        try {
            main.parse(arguments);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println("usage: [--seed S | --seeds N [--from S]] [--trace] [--off RULE]...");
            return 2;
        }
        return main.runAll() ? 0 : 1;
    }

    private void parse(String[] arguments) {
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--trace" -> traced = true;
                case "--seed" -> {
                    first = number(option, rest);
                    count = 1;
                }
                case "--seeds" -> count = number(option, rest);
                case "--from" -> first = number(option, rest);
                case "--off" -> off.add(Rule.valueOf(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
    }

    private static long number(String option, Iterator<String> rest) {
        return Long.parseLong(value(option, rest));
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private boolean runAll() {
        Consumer<String> listener = traced ? out::println : line -> {};
        Map<String, Long> totals = new TreeMap<>();
        boolean clean = true;
        for (long seed = first; seed < first + count; seed++) {
            try {
                SimulationResult result = Simulation.run(seed, off, listener);
                add(totals, result);
                if (count == 1) {
                    out.println(result);
                }
            } catch (SimulationFailure e) {
                clean = false;
                out.println(e.getMessage());
            }
        }
        totals.forEach((what, number) -> out.printf("%-16s %,15d%n", what, number));
        out.println(clean ? "SIMULATION OK" : "SIMULATION FAILED");
        return clean;
    }

    private static void add(Map<String, Long> totals, SimulationResult result) {
        totals.merge("seeds", 1L, Long::sum);
        totals.merge("events", result.events(), Long::sum);
        totals.merge("calls", result.calls(), Long::sum);
        totals.merge("virtual ms", result.virtualMs(), Long::sum);
        totals.merge("files closed", result.filesClosed(), Long::sum);
        totals.merge("reads checked", result.reads(), Long::sum);
        result.faults().forEach((kind, number) -> totals.merge(kind.name(), (long) number, Long::sum));
    }
}
