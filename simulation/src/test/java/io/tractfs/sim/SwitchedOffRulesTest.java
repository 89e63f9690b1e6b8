package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.sim.fault.FaultKind;
import io.tractfs.sim.kernel.Trace;
import io.tractfs.sim.protocol.Rule;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures the simulator: without a rule it must find the damage within a bounded number of seeds. */
class SwitchedOffRulesTest {
    private static final int SEEDS = 120;
    /** Seeds that showed what others did not, which are tried first; all are tried where these say nothing. */
    private static final long[] TELLING = {1, 3, 4, 7, 9, 14, 16, 23, 32};

    /** Rules that only some faults put to the test, with a seed that showed it. */
    private static final Map<Rule, Provoked> PROVOKED = new EnumMap<>(Map.of(
            Rule.STARTS_HAVE_NUMBERS_OF_THEIR_OWN, by(4, FaultKind.STORE_KILL, FaultKind.POWER_LOSS),
            Rule.FENCES_RAISE_THE_GENERATION, by(62, FaultKind.LEASE_LOSS),
            Rule.EVERY_MEMBER_ANSWERS_A_FENCE, by(46, FaultKind.STORE_FREEZE, FaultKind.CLIENT_KILL),
            Rule.UNCLEAN_COPIES_ARE_MERGED, by(1, FaultKind.POWER_LOSS_EVERYWHERE),
            Rule.RETURNED_STORES_ASK, by(3, FaultKind.STORE_AWAY)));

    private record Provoked(long telling, Set<FaultKind> faults) {}

    private static Provoked by(long telling, FaultKind first, FaultKind... more) {
        return new Provoked(telling, EnumSet.of(first, more));
    }

    @ParameterizedTest
    @EnumSource(
            value = Rule.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = { // Not found yet; see docs/simulation.md.
                "OLD_COPIES_ARE_TOLD",
                "ADMITTED_WRITES_ARE_DRAINED",
                "VERSION_CHANGE_VOIDS_RECONCILE",
                "GRANTS_ARE_PERSISTED",
                "CALLS_NAME_THE_START",
                "WRITERS_CHECK_THEIR_LEASE",
                "LENGTHS_NEED_THE_GENERATION",
                "RECOVERY_ENDS_THE_SEGMENT",
                "DAMAGE_COUNTS_IN_NO_MINIMUM"
            })
    void findsTheDamageThatAMissingRuleDoes(Rule rule) {
        Set<Rule> off = EnumSet.of(rule);
        Provoked provoked = PROVOKED.getOrDefault(rule, new Provoked(1, Set.of()));
        LongStream first = LongStream.concat(LongStream.of(provoked.telling()), LongStream.of(TELLING));
        long[] seeds =
                LongStream.concat(first, LongStream.rangeClosed(1, SEEDS)).toArray();
        for (long seed : seeds) {
            try {
                SimulationResult unused = Simulation.run(seed, off, provoked.faults(), Trace.SILENT);
            } catch (SimulationFailure found) {
                assertThat(found.step()).isPositive();
                assertThat(found).hasMessageContaining("--seed " + found.seed());
                return;
            }
        }
        throw new AssertionError(SEEDS + " seeds without " + rule + " show no damage");
    }
}
