package io.tractfs.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tractfs.sim.kernel.Trace;
import io.tractfs.sim.protocol.Rule;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Set<Rule> OFF = EnumSet.of(Rule.GATE_REFUSES_OLDER_WRITES);

    @Test
    void leavesOutFaultsAndFilesThatDoNotMatter() {
        SimulationFailure failure = firstFailure();

        SimulationFailure shrunk = Shrinker.shrink(failure, Omissions.NONE, OFF, Set.of());

        assertThat(shrunk.invariant()).isEqualTo(failure.invariant());
        assertThat(shrunk.faults()).hasSizeLessThan(failure.faults().size());
        assertThat(shrunk).hasMessageContaining("--without-faults");
    }

    @Test
    void printsTheOptionsThatReplayWhatIsLeft() {
        Omissions omitted = Omissions.NONE
                .withFaults(List.of(7, 1, 2, 3))
                .withFiles(List.of(1002))
                .withCalmNetwork();

        assertThat(omitted.options()).isEqualTo(" --without-faults 1-3,7 --without-files 1002 --calm-network");
        assertThat(Omissions.parse("1-3,7")).containsExactly(1, 2, 3, 7);
        assertThat(Omissions.NONE.options()).isEmpty();
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> Omissions.parse("1,x-3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'x-3' is no number or range such as 3-7");
    }

    private static SimulationFailure firstFailure() {
        for (long seed = 1; seed < 50; seed++) {
            long each = seed;
            SimulationFailure failure =
                    catchThrowableOfType(SimulationFailure.class, () -> Simulation.run(each, OFF, Trace.SILENT));
            if (failure != null && failure.faults().size() > 5) {
                return failure;
            }
        }
        throw new AssertionError("no seed fails");
    }
}
