package io.tractfs.sim;

import java.util.List;

/** A run in which a promise was broken; its message says how to see it again. Immutable. */
public final class SimulationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long seed;
    private final long step;

    SimulationFailure(Scenario scenario, long step, List<String> trace, Throwable cause) {
        super(
                "seed " + scenario.seed() + " failed at step " + step + ": " + cause.getMessage()
                        + "\n  replay: bin/tractfs simulate --seed " + scenario.seed() + " --trace"
                        + switchedOff(scenario)
                        + "\n  " + scenario + "\n  last events:\n    " + String.join("\n    ", trace),
                cause);
        this.seed = scenario.seed();
        this.step = step;
    }

    private static String switchedOff(Scenario scenario) {
        StringBuilder options = new StringBuilder();
        scenario.off().forEach(rule -> options.append(" --off ").append(rule));
        return options.toString();
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The number of the event after which it was seen. */
    public long step() {
        return step;
    }
}
