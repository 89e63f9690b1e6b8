package io.tractfs.metadata.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TailSearchTest {
    @Test
    void takesTheLeastLengthOfAllHolders() {
        TailSearch search = new TailSearch(100, 2, 0, 150);
        assertThat(search.wanted()).containsExactly(1, 2);
        search.fenced(1, List.of(holder(70), holder(60), recovering(10)));
        search.fenced(2, List.of(holder(0), holder(20)));

        assertThat(search.length()).hasValue(160);
        assertThat(search.cuts(160)).isEqualTo(Map.of(1, 60, 2, 0));
    }

    @Test
    void goesOnPastTractsThatAreFullOnAllHolders() {
        TailSearch search = new TailSearch(100, 2, 0, 0);
        search.fenced(0, List.of(holder(100), holder(100)));
        assertThat(search.wanted()).containsExactly(1, 2);
        search.fenced(1, List.of(holder(100), holder(100)));
        search.fenced(2, List.of(holder(30), holder(40)));
        assertThat(search.length()).isEmpty();
        search.fenced(3, List.of(holder(0)));

        assertThat(search.length()).hasValue(230);
        assertThat(search.cuts(230)).isEqualTo(Map.of(2, 30, 3, 0));
    }

    @Test
    void b1AHoleEndsTheSegmentThoughALaterTractIsFull() {
        TailSearch search = new TailSearch(100, 3, 0, 0);
        search.fenced(0, List.of(holder(40), holder(100)));
        search.fenced(1, List.of(holder(0), holder(100)));
        search.fenced(2, List.of(holder(100), holder(100)));

        assertThat(search.length()).hasValue(40);
        assertThat(search.cuts(40)).isEqualTo(Map.of(0, 40, 1, 0, 2, 0));
    }

    @Test
    void b2ADamagedMemberCountsInNoMinimum() {
        TailSearch search = new TailSearch(100, 1, 0, 0);
        search.fenced(0, List.of(new TailSearch.Answer(true, 0, true, 0), holder(50)));

        assertThat(search.length()).hasValue(50);
    }

    @Test
    void b2NothingIsCutBelowALengthThatSomeMemberRecordedAsAcknowledged() {
        TailSearch search = new TailSearch(100, 1, 0, 0);
        search.fenced(0, List.of(new TailSearch.Answer(true, 80, false, 70), holder(20)));

        assertThat(search.length()).hasValue(80);
    }

    @Test
    void b2WhatWasAcknowledgedStandsThoughEveryHolderIsShorterWhileOneIsDamaged() {
        TailSearch search = new TailSearch(100, 1, 0, 90);
        search.fenced(0, List.of(holder(20), new TailSearch.Answer(true, 20, true, 0)));

        assertThat(search.length()).hasValue(90);
    }

    @Test
    void whatEverySoundHolderLostWithItsPowerIsGone() {
        TailSearch search = new TailSearch(100, 1, 0, 90);
        search.fenced(0, List.of(holder(20), holder(30)));

        assertThat(search.length()).hasValue(20);
        assertThat(search.cuts(20)).isEqualTo(Map.of(0, 20));
    }

    // B3: the recovering member listed the tract at its source before the bytes came, and becomes a holder without
    // them.
    @Test
    void cutsWhatWasWrittenUnderThePresentVersionAndDidNotReachARecoveringMember() {
        TailSearch search = new TailSearch(100, 1, 0, 0);
        search.fenced(
                0, List.of(holderSince(20, 90), holderSince(30, 95), recovering(0, List.of(20, 50, 50, 60, 70, 95))));

        assertThat(search.length()).hasValue(60);
    }

    @Test
    void aRecoveringMemberGetsWhatHoldersHadBeforeThePresentVersion() {
        TailSearch search = new TailSearch(100, 1, 0, 0);
        search.fenced(0, List.of(holderSince(90, 90), holderSince(92, 95), recovering(10, List.of())));

        assertThat(search.length()).hasValue(90);
    }

    @Test
    void cutsNothingThatWasAcknowledgedForARecoveringMember() {
        TailSearch search = new TailSearch(100, 1, 0, 80);
        search.fenced(0, List.of(holderSince(20, 90), recovering(30, List.of())));

        assertThat(search.length()).hasValue(80);
    }

    @Test
    void nothingIsGivenUpWhileARecoveringMemberMayBringIt() {
        TailSearch search = new TailSearch(100, 1, 0, 90);
        search.fenced(0, List.of(holder(20), recovering(0)));
        assertThat(search.length()).isEmpty();
        assertThat(search.wanted()).containsExactly(0);

        search.fenced(0, List.of(holder(90), holder(90)));
        assertThat(search.length()).hasValue(90);
    }

    @Test
    void nothingIsCutBelowWhatTheNamespaceRecorded() {
        TailSearch search = new TailSearch(100, 1, 80, 90);
        search.fenced(0, List.of(holder(20)));

        assertThat(search.length()).hasValue(80);
    }

    @Test
    void aTractThatLostBytesWithThePowerEndsTheSegmentThoughLaterOnesAreWhole() {
        TailSearch search = new TailSearch(100, 2, 0, 250);
        assertThat(search.welcome()).containsExactly(0, 1);
        search.fenced(0, List.of(holder(100)));
        search.fenced(1, List.of(holder(40), holder(40)));
        search.fenced(2, List.of(holder(60)));
        search.fenced(3, List.of(holder(0)));

        assertThat(search.length()).hasValue(140);
        assertThat(search.cuts(140)).isEqualTo(Map.of(1, 40, 2, 0, 3, 0));
    }

    @Test
    void earlierTractsThatCannotBeAskedHoldNothingUp() {
        TailSearch search = new TailSearch(100, 1, 0, 250);
        search.fenced(2, List.of(holder(50)));

        assertThat(search.length()).hasValue(250);
    }

    @Test
    void aRowWithoutHolderIsNotWaitedForOnceTheLeaseIsOverOnTheWritersClock() {
        TailSearch search = new TailSearch(100, 3, 0, 0);
        search.fenced(0, List.of(holder(40)));
        search.fenced(2, List.of(holder(0)));
        assertThat(search.wanted()).containsExactly(1);
        search.unreachable(1);

        assertThat(search.length()).hasValue(40);
    }

    @Test
    void aRowWithoutHolderIsWaitedForWhereTheSearchComesToIt() {
        TailSearch search = new TailSearch(100, 2, 0, 0);
        search.unreachable(1);
        search.fenced(0, List.of(holder(100)));

        assertThat(search.wanted()).containsExactly(1, 2);
    }

    /** B7: C is slow and has 100; A and B have 150. Without C's answer nothing is decided. */
    @Test
    void b7ATractOfWhichAMemberIsSilentIsNotDecided() {
        TailSearch search = new TailSearch(200, 1, 0, 0);
        assertThat(search.length()).isEmpty();
        assertThat(search.wanted()).containsExactly(0);
        search.fenced(0, List.of(holder(150), holder(150), holder(100)));
        assertThat(search.length()).hasValue(100);
    }

    @Test
    void neverGoesOnWithoutAHolder() {
        TailSearch search = new TailSearch(100, 1, 0, 0);

        assertThatThrownBy(() -> search.fenced(0, List.of(recovering(100))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TailSearch.Answer holder(int length) {
        return new TailSearch.Answer(true, length, false, 0);
    }

    private static TailSearch.Answer holderSince(int lengthAtVersion, int length) {
        return new TailSearch.Answer(true, length, false, 0, lengthAtVersion, List.of());
    }

    private static TailSearch.Answer recovering(int length, List<Integer> ranges) {
        return new TailSearch.Answer(false, length, false, 0, length, ranges);
    }

    private static TailSearch.Answer recovering(int length) {
        return new TailSearch.Answer(false, length, false, 0);
    }
}
