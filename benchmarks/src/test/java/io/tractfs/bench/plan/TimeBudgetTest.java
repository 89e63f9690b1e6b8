package io.tractfs.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeBudgetTest {
    private static final Case ONE = new Case(Family.STAT, 1, 0, Location.ANYWHERE, Durability.NONE);
    private static final List<Case> TEN = Collections.nCopies(10, ONE);
    /** Ten cases on two sides take 100 s. */
    private static final Preset PRESET = new Preset(200, 4, 1_000, 1_000, 1, false);

    private final AtomicLong seconds = new AtomicLong();
    private final TimeBudget budget = new TimeBudget(PRESET, TEN, 2, () -> seconds.get() * 1_000_000_000);

    @Test
    void leavesRoundsAloneWhileThereIsTime() {
        assertThat(budget.begin(ONE)).isEqualTo(1);
        seconds.addAndGet(15);
        budget.end(ONE);

        assertThat(budget.begin(ONE)).isEqualTo(1);
    }

    @Test
    void shortensRoundsByWhatTheMachineTakesBesides() {
        budget.begin(ONE);
        seconds.addAndGet(26);
        budget.end(ONE);

        assertThat(budget.begin(ONE)).isBetween(0.3, 0.4);
    }

    @Test
    void neverShortensThemToNothing() {
        budget.begin(ONE);
        seconds.addAndGet(1_000);
        budget.end(ONE);

        assertThat(budget.begin(ONE)).isPositive();
    }
}
