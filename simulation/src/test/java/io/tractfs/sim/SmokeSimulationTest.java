package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.sim.kernel.Trace;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A seed that fails is replayed with the command that its message names. */
class SmokeSimulationTest {
    private static final int SEEDS = 40;

    @Test
    void holdsItsPromisesWhateverGoesWrong() {
        long faults = 0;
        long files = 0;
        long reads = 0;
        long tails = 0;
        long commands = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimulationResult result = Simulation.run(seed, Set.of(), Trace.SILENT);
            faults += result.faults().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            files += result.filesClosed();
            reads += result.reads();
            tails += result.tails();
            commands += result.commands();
        }
        assertThat(faults).as("faults").isGreaterThan(10L * SEEDS);
        assertThat(files).as("files closed").isGreaterThan(2L * SEEDS);
        assertThat(reads).as("ranges read").isGreaterThan(20L * SEEDS);
        assertThat(tails).as("tails of open files").isGreaterThan(5L * SEEDS);
        assertThat(commands).as("commands of the namespace").isGreaterThan(10L * SEEDS);
    }

    @Test
    void runsTheSameFromTheSameSeed() {
        for (long seed = 101; seed <= 105; seed++) {
            SimulationResult once = Simulation.run(seed, Set.of(), Trace.SILENT);
            SimulationResult again = Simulation.run(seed, Set.of(), Trace.SILENT);
            assertThat(again).isEqualTo(once);
        }
    }

    @Test
    void runsDifferentlyFromAnotherSeed() {
        long one = Simulation.run(1, Set.of(), Trace.SILENT).traceHash();
        long other = Simulation.run(2, Set.of(), Trace.SILENT).traceHash();
        assertThat(one).isNotEqualTo(other);
    }
}
