package io.tractfs.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void readsWhatThisProcessUsed() {
        Usage usage = Usage.of(List.of(ProcessHandle.current().pid()));

        assertThat(usage.cpuNanos()).isPositive();
        assertThat(usage.wakeUps()).isPositive();
    }

    @Test
    void countsNothingForAProcessThatIsGone() {
        assertThat(Usage.of(List.of(Long.MAX_VALUE))).isEqualTo(new Usage(0, 0));
    }

    @Test
    void isNeverNegativeThoughThreadsEnd() {
        assertThat(new Usage(1, 5).since(new Usage(2, 3))).isEqualTo(new Usage(0, 2));
    }
}
