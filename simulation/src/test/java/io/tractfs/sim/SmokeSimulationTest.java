package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** A seed that fails is replayed with the command that its message names. */
class SmokeSimulationTest {
    private static final int SEEDS = 50;

    @Test
    void holdsItsPromisesWhateverGoesWrong() {
        long faults = 0;
        long files = 0;
        long reads = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimulationResult result = Simulation.run(seed, Set.of(), line -> {});
            faults += result.faults().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            files += result.filesClosed();
            reads += result.reads();
        }
        assertThat(faults).as("faults").isGreaterThan(10L * SEEDS);
        assertThat(files).as("files closed").isGreaterThan(2L * SEEDS);
        assertThat(reads).as("ranges read").isGreaterThan(20L * SEEDS);
    }

    @Test
    void runsTheSameFromTheSameSeed() {
        for (long seed = 101; seed <= 105; seed++) {
            SimulationResult once = Simulation.run(seed, Set.of(), line -> {});
            SimulationResult again = Simulation.run(seed, Set.of(), line -> {});
            assertThat(again).isEqualTo(once);
        }
    }

    @Test
    void runsDifferentlyFromAnotherSeed() {
        long one = Simulation.run(1, Set.of(), line -> {}).traceHash();
        long other = Simulation.run(2, Set.of(), line -> {}).traceHash();
        assertThat(one).isNotEqualTo(other);
    }
}
