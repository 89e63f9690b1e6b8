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

    /** B3: A alone held 150 when version 6 began; [150, 200) reached only A, and A may be the next to die. */
    @Test
    void b3BytesThatOnlyTheLastHolderHasAreNotShown() {
        List<TailAnswer> beforeTheFill = List.of(holder(200, 150), recovering(0), recovering(0));
        assertThat(VisibleLength.of(beforeTheFill, 0, TRACT)).isEqualTo(150);
        List<TailAnswer> afterTheFill = List.of(holder(200, 150), holder(150, 150), recovering(0));
        assertThat(VisibleLength.of(afterTheFill, 0, TRACT)).isEqualTo(150);
        List<TailAnswer> afterTheDeath = List.of(holder(150, 150), recovering(0));
        assertThat(VisibleLength.of(afterTheDeath, 0, TRACT)).isEqualTo(150);
    }

    /** B4: what was flushed under the new version is on all members of it, so whichever holder answers shows it. */
    @Test
    void b4FlushedBytesAreShownByTheHoldersThatMovedOn() {
        assertThat(VisibleLength.of(List.of(holder(500, 100), holder(500, 100), recovering(0, 100, 500)), 0, TRACT))
                .isEqualTo(500);
    }

    /** B2: a member whose tract was set aside does not make a flushed tail short. */
    @Test
    void b2ADamagedHolderHidesNothing() {
        TailAnswer damaged = new TailAnswer(true, true, 0, 0, List.of(), 0);
        assertThat(VisibleLength.of(List.of(damaged, holder(300, 300), holder(300, 300)), 0, TRACT))
                .isEqualTo(300);
    }

    /** P24: all members lost power together. */
    @Test
    void whatAllSoundHoldersHaveIsLeftAfterALossThatNobodyCanMakeGood() {
        assertThat(VisibleLength.leftAfterLoss(List.of(holder(120, 0), holder(100, 0)), 200))
                .hasValue(100);
        assertThat(VisibleLength.leftAfterLoss(List.of(holder(200, 0), holder(100, 0)), 200))
                .as("one of them has what was acknowledged")
                .isEmpty();
        assertThat(VisibleLength.leftAfterLoss(List.of(holder(100, 0), recovering(100)), 200))
                .as("a recovering one may still bring it")
                .isEmpty();
        TailAnswer damaged = new TailAnswer(true, true, 10, 10, List.of(), 0);
        assertThat(VisibleLength.leftAfterLoss(List.of(holder(100, 0), damaged), 200))
                .as("it is damaged, not lost")
                .isEmpty();
        assertThat(VisibleLength.leftAfterLoss(List.of(holder(0, 0)), 0)).isEmpty();
    }
}
