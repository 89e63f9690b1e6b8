package io.tractfs.sim;

import io.tractfs.sim.fault.FaultKind;
import io.tractfs.sim.kernel.Trace;
import io.tractfs.sim.protocol.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Brings a failing run down to what matters: leaves out chance on the network, then ever smaller groups of faults and of
 * files, as long as the same promise is still broken. What is left out changes everything after it, so what remains need not be
 * the least that there is. Not thread-safe.
 */
final class Shrinker {
    /** Most runs for one failure. */
    static final int MOST_RUNS = 300;

    private final Set<Rule> off;
    private final Set<FaultKind> faults;
    private SimulationFailure failure;
    private Omissions omitted;
    private int runs;

    private Shrinker(SimulationFailure failure, Omissions omitted, Set<Rule> off, Set<FaultKind> faults) {
        this.failure = failure;
        this.omitted = omitted;
        this.off = off;
        this.faults = faults;
    }

    /** The failure of a run in which less happens, or the same one. */
    static SimulationFailure shrink(
            SimulationFailure failure, Omissions omitted, Set<Rule> off, Set<FaultKind> faults) {
        Shrinker shrinker = new Shrinker(failure, omitted, off, faults);
        shrinker.attempt(omitted.withCalmNetwork());
        shrinker.reduce(failure.faults(), Omissions::withFaults);
        shrinker.reduce(failure.files(), Omissions::withFiles);
        shrinker.reduce(shrinker.failure.faults(), Omissions::withFaults);
        return shrinker.failure;
    }

    /** Leaves out halves, then quarters, down to single ones. */
    private void reduce(List<Integer> all, BiFunction<Omissions, Collection<Integer>, Omissions> without) {
        List<Integer> left = new ArrayList<>(all);
        for (int size = (left.size() + 1) / 2; size >= 1 && !left.isEmpty(); size = size == 1 ? 0 : (size + 1) / 2) {
            for (int from = left.size() - size; from > -size && runs < MOST_RUNS; from -= size) {
                List<Integer> group = List.copyOf(left.subList(Math.max(0, from), Math.min(left.size(), from + size)));
                if (attempt(without.apply(omitted, group))) {
                    left.removeAll(group);
                }
            }
        }
    }

    private boolean attempt(Omissions more) {
        runs++;
        try {
            Simulation.run(failure.seed(), off, faults, more, Trace.SILENT);
            return false;
        } catch (SimulationFailure other) {
            boolean same = other.invariant().equals(failure.invariant());
            if (same) {
                failure = other;
                omitted = more;
            }
            return same;
        }
    }
}
