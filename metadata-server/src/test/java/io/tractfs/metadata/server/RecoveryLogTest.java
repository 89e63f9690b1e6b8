package io.tractfs.metadata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.server.RecoveryLog.Recovery;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecoveryLogTest {
    private static final StoreId A = new StoreId(new UUID(0, 1));
    private static final StoreId B = new StoreId(new UUID(0, 2));

    private final RecoveryLog log = new RecoveryLog();

    private Recovery last() {
        return log.recoveries().get(log.recoveries().size() - 1);
    }

    @Test
    void knowsNothingWhileAllIsUpToDate() {
        log.observe(0, 100);

        assertThat(log.recoveries()).isEmpty();
    }

    @Test
    void estimatesTheRestFromWhatIsDone() {
        log.fetched(A, 1, 5_000);
        log.observe(40, 1_000);
        assertThat(last().remainingMs()).isEqualTo(-1);

        log.fetched(A, 1, 8_000);
        log.fetched(B, 1, 0);
        log.observe(30, 3_000);

        assertThat(last().bytes()).isEqualTo(3_000);
        assertThat(last().rate()).isEqualTo(1_500);
        assertThat(last().remainingMs()).isEqualTo(6_000);
        assertThat(last().remainingBytes()).isEqualTo(9_000);
    }

    @Test
    void countsBytesThatStoresTellOfRightAfterTheEndAndNoneLater() {
        log.fetched(A, 1, 0);
        log.observe(40, 1_000);
        log.observe(0, 2_000);
        log.fetched(A, 1, 700);
        log.observe(0, 2_000 + RecoveryLog.LATE_MS);
        assertThat(last().bytes()).isEqualTo(700);
        assertThat(last().durationMs()).isEqualTo(1_000);

        log.fetched(A, 1, 900);
        log.observe(0, 2_001 + RecoveryLog.LATE_MS);
        assertThat(last().bytes()).isEqualTo(700);
    }

    @Test
    void countsAFurtherFailureIntoTheSameRecoveryAndEndsWithTheLastColumn() {
        log.observe(40, 1_000);
        log.observe(10, 2_000);
        log.observe(25, 3_000);
        assertThat(last().columns()).isEqualTo(55);
        log.observe(0, 4_000);

        assertThat(last().ended()).isTrue();
        assertThat(last().durationMs()).isEqualTo(3_000);
        log.observe(0, 9_000);
        assertThat(last().durationMs()).isEqualTo(3_000);
        log.observe(3, 10_000);
        assertThat(log.recoveries()).hasSize(2);
        assertThat(last().number()).isEqualTo(2);
    }

    @Test
    void countsOnOverTheRestartOfAStore() {
        log.fetched(A, 1, 5_000);
        log.observe(2, 0);
        log.fetched(A, 2, 700);
        log.fetched(A, 2, 900);
        log.observe(1, 1_000);

        assertThat(last().bytes()).isEqualTo(900);
    }

    @Test
    void remembersABoundedNumber() {
        for (int i = 0; i < 3 * RecoveryLog.MOST_KEPT; i++) {
            log.observe(i % 2, i);
        }

        assertThat(log.recoveries()).hasSize(RecoveryLog.MOST_KEPT);
    }
}
