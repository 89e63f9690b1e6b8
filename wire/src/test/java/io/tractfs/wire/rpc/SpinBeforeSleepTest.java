package io.tractfs.wire.rpc;

import static io.netty.channel.SelectStrategy.CONTINUE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpinBeforeSleepTest {
    private static final long SPIN_NANOS = 50_000;

    private long now = Long.MAX_VALUE - SPIN_NANOS / 2;
    private long offerNanos = 1000;
    private int events;
    private final SpinBeforeSleep strategy = new SpinBeforeSleep(SPIN_NANOS, () -> now, () -> now += offerNanos);

    @Test
    void looksForTheWholeTimeAndSleepsThen() throws Exception {
        assertThat(spins()).isEqualTo(50);
    }

    @Test
    void spinsLessAndLessOftenWhereNothingComesInTime() throws Exception {
        for (int skipped : new int[] {0, 0, 0, 0, 1, 3, 7, 15, 15, 15}) {
            assertThat(spins()).isEqualTo(50);
            for (int sleep = 0; sleep < skipped; sleep++) {
                now += 1_000_000;
                assertThat(spins()).as("sleep %d of %d", sleep, skipped).isZero();
            }
        }
    }

    @Test
    void spinsAlwaysWhereItFindsSomething() throws Exception {
        for (int call = 0; call < 100; call++) {
            assertThat(look()).isEqualTo(CONTINUE);
            assertThat(look()).isEqualTo(CONTINUE);
            events = 1;
            assertThat(look()).isEqualTo(1);
            events = 0;
        }
    }

    @Test
    void returnsEventsAtOnceAndBeginsAnew() throws Exception {
        look();
        look();
        events = 3;
        assertThat(look()).isEqualTo(3);
        events = 0;
        assertThat(spins()).isEqualTo(50);
    }

    @Test
    void neverSleepsWhileThereAreTasks() throws Exception {
        for (int i = 0; i < 100; i++) {
            now += 1000;
            assertThat(strategy.calculateStrategy(() -> 0, true)).isZero();
        }
    }

    @Test
    void sleepsAtOnceForAWhileWhenAnotherThreadWantedTheProcessor() throws Exception {
        offerNanos = SPIN_NANOS + 1;
        assertThat(spins()).isEqualTo(1);
        offerNanos = 1000;
        assertThat(spins()).isZero();
        now += 401 * SPIN_NANOS;
        assertThat(spins()).isEqualTo(50);
    }

    private int look() throws Exception {
        return strategy.calculateStrategy(() -> events, false);
    }

    /** Looks until it sleeps. */
    private int spins() throws Exception {
        int spins = 0;
        while (look() == CONTINUE) {
            spins++;
        }
        return spins;
    }
}
