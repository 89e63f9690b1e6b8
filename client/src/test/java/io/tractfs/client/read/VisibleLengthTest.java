package io.tractfs.client.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleLengthTest {
    private static final int TRACT = 1_000;

    private static TailAnswer holder(int length, int atVersion) {
        return new TailAnswer(true, false, length, atVersion, List.of(), 0);
    }

    private static TailAnswer recovering(int length, Integer... ranges) {
        return new TailAnswer(false, false, length, 0, List.of(ranges), 0);
    }

    @Test
    void showsWhatAllHoldersHave() {
        assertThat(VisibleLength.of(List.of(holder(200, 0), holder(150, 0)), 0, TRACT))
                .isEqualTo(150);
    }

    @Test
    void wantsBytesOfThePresentVersionFromRecoveringMembersToo() {
        assertThat(VisibleLength.of(List.of(holder(200, 100), holder(150, 100), recovering(0, 100, 140)), 0, TRACT))
                .isEqualTo(140);
        assertThat(VisibleLength.of(List.of(holder(200, 100), recovering(0)), 0, TRACT))
                .isEqualTo(100);
        assertThat(VisibleLength.of(List.of(holder(200, 200), recovering(0)), 0, TRACT))
                .as("older bytes come to it by reconcile")
                .isEqualTo(200);
    }

    @Test
    void joinsRangesThatTouch() {
        assertThat(VisibleLength.of(List.of(holder(300, 100), recovering(20, 180, 250, 90, 180)), 0, TRACT))
                .isEqualTo(250);
    }

    @Test
    void showsWhatIsRecordedAsAcknowledgedWhateverOthersHave() {
        TailAnswer knowing = new TailAnswer(false, false, 0, 0, List.of(), 5_400);
        assertThat(VisibleLength.of(List.of(holder(100, 100), knowing), 5_000, TRACT))
                .isEqualTo(400);
        assertThat(VisibleLength.of(List.of(holder(100, 100), knowing), 3_000, TRACT))
                .isEqualTo(TRACT);
        assertThat(VisibleLength.of(List.of(holder(100, 100), knowing), 6_000, TRACT))
                .isEqualTo(100);
    }

    @Test
    void doesNotCountADamagedHolder() {
        TailAnswer damaged = new TailAnswer(true, true, 10, 10, List.of(), 0);
        assertThat(VisibleLength.of(List.of(holder(100, 100), damaged), 0, TRACT))
                .isEqualTo(100);
        assertThat(VisibleLength.of(List.of(damaged), 0, TRACT)).isZero();
    }
}
