package io.tractfs.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void refusesWhatIsOverTheLimit() {
        assertThat(budget.tryReserve(100, woken::incrementAndGet)).isTrue();
        assertThat(budget.tryReserve(1, woken::incrementAndGet)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void wakesOnceWhenAQuarterIsFree() {
        budget.tryReserve(60, woken::incrementAndGet);
        budget.tryReserve(40, woken::incrementAndGet);
        budget.tryReserve(30, woken::incrementAndGet);
        assertThat(woken).hasValue(0);
        budget.release(20);
        assertThat(woken).hasValue(0);
        budget.release(20);
        budget.release(20);
        assertThat(woken).hasValue(1);
    }

    @Test
    void letsARequestInAloneThatIsLargerThanTheBudget() {
        assertThat(budget.tryReserve(1000, woken::incrementAndGet)).isTrue();
        assertThat(budget.tryReserve(1, woken::incrementAndGet)).isFalse();
        budget.release(1000);
        assertThat(woken).hasValue(1);
        assertThat(budget.usedBytes()).isZero();
    }
}
