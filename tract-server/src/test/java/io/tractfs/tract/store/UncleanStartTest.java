package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Incarnation;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a store counts as unclean (P7). */
class UncleanStartTest {
    private SimulatedStore simulated;

    @BeforeEach
    void open() throws IOException {
        simulated = new SimulatedStore(1 << 30, 16);
        simulated.losePower(new Random(1));
    }

    @Test
    void staysUncleanThoughItIsKilledBeforeItsRowsAreJudged() throws IOException {
        assertThat(simulated.store().isUnclean()).isTrue();

        simulated.kill();

        assertThat(simulated.store().isUnclean()).isTrue();
    }

    @Test
    void remembersWhichStartThePowerLossEnded() throws IOException {
        Incarnation ended = simulated.store().uncleanThrough();
        assertThat(ended).isLessThan(simulated.store().incarnation());

        simulated.kill();

        assertThat(simulated.store().uncleanThrough()).isEqualTo(ended);
    }

    @Test
    void staysUncleanOverAnOrderlyStopToo() throws IOException {
        simulated.store().close();
        simulated.open();

        assertThat(simulated.store().isUnclean()).isTrue();
    }

    @Test
    void countsAgainOnceItsRowsAreJudged() throws IOException {
        simulated.store().judged();

        simulated.kill();

        assertThat(simulated.store().isUnclean()).isFalse();
    }

    @Test
    void isUncleanAgainAfterTheNextPowerLoss() throws IOException {
        simulated.store().judged();

        simulated.losePower(new Random(2));

        assertThat(simulated.store().isUnclean()).isTrue();
    }
}
