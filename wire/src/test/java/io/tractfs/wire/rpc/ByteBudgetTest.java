package io.tractfs.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final List<String> granted = new ArrayList<>();

    private boolean reserve(int bytes, String who) {
        return budget.reserve(bytes, () -> granted.add(who));
    }

    @Test
    void refusesWhatIsOverTheLimit() {
        assertThat(reserve(100, "a")).isTrue();
        assertThat(reserve(1, "b")).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(100);
        assertThat(granted).isEmpty();
    }

    @Test
    void servesThoseWhoWaitInTurn() {
        reserve(100, "a");
        assertThat(reserve(60, "b")).isFalse();
        assertThat(reserve(50, "c")).isFalse();
        assertThat(reserve(10, "d")).isFalse();
        budget.release(59);
        assertThat(granted).isEmpty();
        budget.release(1);
        assertThat(granted).containsExactly("b");
        assertThat(reserve(1, "e")).as("nobody overtakes").isFalse();
        budget.release(40);
        budget.release(60);
        assertThat(granted).containsExactly("b", "c", "d", "e");
        assertThat(budget.usedBytes()).isEqualTo(61);
    }

    @Test
    void letsARequestInAloneThatIsLargerThanTheBudget() {
        assertThat(reserve(1000, "a")).isTrue();
        assertThat(reserve(1, "b")).isFalse();
        budget.release(1000);
        assertThat(granted).containsExactly("b");
        assertThat(budget.usedBytes()).isEqualTo(1);
    }
}
