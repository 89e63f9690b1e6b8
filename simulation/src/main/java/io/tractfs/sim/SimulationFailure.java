package io.tractfs.sim;

import io.tractfs.sim.kernel.Violation;
import java.util.List;

/** A run in which a promise was broken; its message says how to see it again. Immutable. */
public final class SimulationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long seed;
    private final String invariant;
    private final transient Seen seen;

    /**
     * What had happened by then. Immutable.
     *
     * @param step number of the event after which the failure was seen
     * @param trace the last lines of the trace
     * @param faults numbers of the faults that had struck
     * @param files numbers of the files that had been begun
     */
    record Seen(long step, List<String> trace, List<Integer> faults, List<Integer> files) {}

    SimulationFailure(Scenario scenario, Seen seen, Throwable cause) {
        super(
                "seed " + scenario.seed() + " failed at step " + seen.step() + ": " + cause.getMessage()
                        + "\n  replay: bin/tractfs simulate --seed " + scenario.seed() + " --trace"
                        + switchedOff(scenario) + added(scenario)
                        + scenario.omissions().options()
                        + "\n  " + seen.faults().size() + " faults struck, "
                        + seen.files().size()
                        + " files were begun; drawn: " + scenario.size() + " " + scenario.chances() + " "
                        + scenario.faults().kinds()
                        + "\n  last events:\n    " + String.join("\n    ", seen.trace()),
                cause);
        this.seed = scenario.seed();
        this.seen = seen;
        this.invariant = cause instanceof Violation violation
                ? violation.invariant()
                : cause.getClass().getName();
    }

    private static String switchedOff(Scenario scenario) {
        StringBuilder options = new StringBuilder();
        scenario.off().forEach(rule -> options.append(" --off ").append(rule));
        return options.toString();
    }

    private static String added(Scenario scenario) {
        StringBuilder options = new StringBuilder();
        scenario.more().stream()
                .sorted()
                .forEach(kind -> options.append(" --with ").append(kind));
        return options.toString();
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The number of the event after which it was seen. */
    public long step() {
        return seen.step();
    }

    /** Which promise was broken. */
    String invariant() {
        return invariant;
    }

    /** Numbers of the faults that had struck. */
    List<Integer> faults() {
        return seen.faults();
    }

    /** Numbers of the files that had been begun. */
    List<Integer> files() {
        return seen.files();
    }
}
