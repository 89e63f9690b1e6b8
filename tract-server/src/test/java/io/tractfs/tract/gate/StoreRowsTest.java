package io.tractfs.tract.gate;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.D;
import static io.tractfs.tract.gate.GateFixture.E;
import static io.tractfs.tract.gate.GateFixture.NOBODY;
import static io.tractfs.tract.gate.GateFixture.ROW;
import static io.tractfs.tract.gate.GateFixture.holding;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.leader;
import static io.tractfs.tract.gate.GateFixture.recovering;
import static io.tractfs.tract.gate.GateFixture.row;
import static io.tractfs.tract.gate.GateFixture.store;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StoreRowsTest {
    private static final RowVersion V5 = version(1, 5);
    private static final RowVersion V6 = version(1, 6);
    private static final RowVersion V7 = version(1, 7);

    // A4: state across a gap in membership.
    @Test
    void becomesRecoveringWhenItsVersionIsBelowTheFloorOfTheProposal() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<List<ProposalVerdict>> step = propose(a, 1, row(V7, recovering(A), inSync(B, 1), inSync(C, 2)), V6);

        assertThat(step.answer()).containsExactly(new ProposalVerdict(ROW, true, V7, ClassSet.EMPTY, false));
        assertThat(step.rows()).extracting(HeldRow::held).containsExactly(ClassSet.EMPTY);
    }

    // A4: a fill that ended a moment before is not lost.
    @Test
    void keepsItsStateWhenItHoldsTheFloorThoughTheLeaderThinksLess() throws TractException {
        StoreRows d =
                new StoreRows(D, Incarnation.NONE, leader(1), Map.of(ROW, GateFixture.held(row(V6, D, B, C), ALL)));

        Step<List<ProposalVerdict>> step = propose(d, 1, row(V7, recovering(D), inSync(B, 1), recovering(E)), V6);

        assertThat(step.answer()).containsExactly(new ProposalVerdict(ROW, true, V7, ALL, false));
    }

    @Test
    void keepsOnlyTheClassesOfItsNewColumn() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<List<ProposalVerdict>> step = propose(a, 1, row(V6, inSync(B, 0), inSync(C, 1), inSync(A, 2)), V5);

        assertThat(step.answer().get(0).held()).isEqualTo(ClassSet.ofColumn(2, 3));
    }

    // P2, P8: the last holder of a frozen class comes back.
    @Test
    void keepsTheClassesThatItIsAwaitedFor() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));
        Row proposed = new Row(
                ROW,
                V7,
                Columns.of(recovering(A), inSync(B, 1), inSync(C, 2)),
                List.of(new Waiting(A.store(), V5, new ClassSet(1))));

        Step<List<ProposalVerdict>> step =
                a.propose(leader(1).epoch(), leader(1).lineage(), List.of(new ProposedRow(proposed, V6)));

        assertThat(step.answer().get(0).held()).isEqualTo(new ClassSet(1));
    }

    // P2: an operator gave the last holders of class 1 up.
    @Test
    void takesReleasedClassesThatTheProposalSaysItHoldsAndNoOthers() throws TractException {
        StoreRows b = holding(B, 1, row(V5, A, B, C));
        Row proposed = new Row(ROW, V7, Columns.of(recovering(C), inSync(B, 1), null), List.of());
        ProposedRow released = new ProposedRow(proposed, V6, new ClassSet(0b010));

        Step<List<ProposalVerdict>> step =
                b.propose(leader(1).epoch(), leader(1).lineage(), List.of(released));

        assertThat(step.answer().get(0).held()).isEqualTo(new ClassSet(0b010));
    }

    @Test
    void doesNotKeepAwaitedClassesBelowTheListedVersion() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));
        Row proposed = new Row(
                ROW,
                V7,
                Columns.of(recovering(A), inSync(B, 1), inSync(C, 2)),
                List.of(new Waiting(A.store(), V6, new ClassSet(1))));

        Step<List<ProposalVerdict>> step =
                a.propose(leader(1).epoch(), leader(1).lineage(), List.of(new ProposedRow(proposed, V6)));

        assertThat(step.answer().get(0).held()).isEqualTo(ClassSet.EMPTY);
    }

    @Test
    void holdsAllThatTheFirstPlacementEverSays() throws TractException {
        StoreRows a = new StoreRows(A, Incarnation.NONE, leader(1), Map.of());

        Step<List<ProposalVerdict>> step = propose(a, 1, row(V5, A, B, C), RowVersion.NONE);

        assertThat(step.answer()).containsExactly(new ProposalVerdict(ROW, true, V5, ALL, false));
    }

    // A6: the first answer may be lost while it still waits for older writes; so this one has to wait for them too.
    @Test
    void answersARepeatedProposalAlikeOnceOlderWritesAreDone() throws TractException {
        StoreRows a = new StoreRows(A, Incarnation.NONE, leader(1), Map.of());
        propose(a, 1, row(V5, A, B, C), RowVersion.NONE);

        Step<List<ProposalVerdict>> again = propose(a, 1, row(V5, A, B, C), RowVersion.NONE);

        assertThat(again.answer()).containsExactly(new ProposalVerdict(ROW, true, V5, ALL, false));
        assertThat(again.rows()).containsExactlyElementsOf(a.all());
    }

    // I2: a version names one membership for ever.
    @Test
    void refusesAnotherMembershipUnderAVersionThatItHolds() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        assertThat(propose(a, 1, row(V5, A, B, D), V5).answer().get(0).accepted())
                .isFalse();
    }

    @Test
    void refusesAnOlderVersionAndSaysWhatItHolds() throws TractException {
        StoreRows a = holding(A, 1, row(V7, A, B, C));

        assertThat(propose(a, 1, row(V6, A, B, D), V5).answer())
                .containsExactly(new ProposalVerdict(ROW, false, V7, ALL, false));
    }

    @Test
    void refusesARowThatNamesAnotherStartOfTheStore() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        assertThat(propose(a, 1, row(V6, store(1, 2), B, C), V5).answer().get(0).accepted())
                .isFalse();
    }

    // A8: unsynced bytes may be gone.
    @Test
    void keepsAfterAnUncleanStartOnlyWhatTheProposalLeavesIt() throws TractException {
        Map<Integer, HeldRow> rows = Map.of(ROW, GateFixture.held(row(V5, A, B, C), ALL));
        StoreRows unclean = new StoreRows(A, A.incarnation(), leader(1), rows);
        StoreRows used = new StoreRows(A, A.incarnation(), leader(1), rows);

        assertThat(propose(unclean, 1, row(V6, recovering(A), inSync(B, 1), inSync(C, 2)), V5)
                        .answer()
                        .get(0)
                        .held())
                .isEqualTo(ClassSet.EMPTY);
        assertThat(propose(used, 1, row(V6, A, B, C), V5).answer().get(0).held())
                .isEqualTo(ALL);
        assertThat(unclean.isUnclean()).isFalse();
        assertThat(unclean.claims(0, 10).unclean()).isEmpty();
    }

    @Test
    void staysUncleanUntilEveryRowWasJudged() {
        StoreRows a =
                new StoreRows(A, A.incarnation(), leader(1), Map.of(ROW, GateFixture.held(row(V5, A, B, C), ALL)));

        assertThat(a.isUnclean()).isTrue();
        assertThat(a.claims(0, 10).unclean()).containsExactly(ROW);
    }

    // A9: an image of the disk from an hour ago claims the present version and lacks an hour of writes.
    @Test
    void trustsNothingOnceItHearsThatItsDiskIsAnOldCopy() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        assertThat(a.lostWrites().answer()).isTrue();
        assertThat(a.claims(0, 10).unclean()).containsExactly(ROW);
        assertThat(propose(a, 1, row(V6, recovering(A), inSync(B, 1), inSync(C, 2)), V5)
                        .answer()
                        .get(0)
                        .held())
                .isEqualTo(ClassSet.EMPTY);
        assertThat(a.isUnclean()).isFalse();
    }

    // P7: nobody takes the end of a cut copy for the end of a file before the others were asked.
    @Test
    void mergesAnUncleanCopyThatIsUsedBeforeItIsCleanAgain() throws TractException {
        StoreRows a =
                new StoreRows(A, A.incarnation(), leader(1), Map.of(ROW, GateFixture.held(row(V5, A, B, C), ALL)));
        propose(a, 1, row(V6, A, B, C), V5);

        assertThat(a.merging()).containsExactly(ROW);
        assertThat(publish(a, List.of(row(V6, A, B, C)), List.of()).answer().merge())
                .extracting(HeldRow::row)
                .containsExactly(row(V6, A, B, C));
        assertThat(a.merged(ROW, V5).answer()).isEmpty();
        assertThat(a.isUnclean()).isTrue();
        assertThat(a.merged(ROW, V6).answer()).isPresent();
        assertThat(a.isUnclean()).isFalse();
        assertThat(publish(a, List.of(row(V6, A, B, C)), List.of()).answer().merge())
                .isEmpty();
    }

    @Test
    void saysThatACopyIsUncleanUntilItIsMergedAndReportsNothingBefore() throws TractException {
        Row used = row(V6, inSync(B, 0), new Member(A, new ClassSet(0b100)), inSync(C, 2));
        StoreRows a =
                new StoreRows(A, A.incarnation(), leader(1), Map.of(ROW, GateFixture.held(row(V5, A, B, C), ALL)));

        assertThat(propose(a, 1, used, V5).answer())
                .containsExactly(new ProposalVerdict(ROW, true, V6, new ClassSet(0b100), true));
        assertThat(a.claims(0, 10).unclean()).containsExactly(ROW);
        publish(a, List.of(used), List.of());
        Step<Optional<HeldRow>> end = a.reconciled(ROW, V6, new ClassSet(0b010));
        assertThat(end.rows()).as("persisted").hasSize(1);
        assertThat(end.answer()).as("reported").isEmpty();
        assertThat(publish(a, List.of(used), List.of()).answer().report()).isEmpty();

        assertThat(a.merged(ROW, V6).answer()).get().extracting(HeldRow::held).isEqualTo(new ClassSet(0b110));
        assertThat(a.claims(0, 10).unclean()).isEmpty();
    }

    @Test
    void mergesAgainUnderTheNextVersionIfThisOneEndsFirst() throws TractException {
        StoreRows a =
                new StoreRows(A, A.incarnation(), leader(1), Map.of(ROW, GateFixture.held(row(V5, A, B, C), ALL)));
        propose(a, 1, row(V6, A, B, C), V5);
        Row without = row(V7, inSync(A, 0), inSync(B, 1), null);
        propose(a, 1, without, V6);

        assertThat(a.merged(ROW, V6).answer()).isEmpty();
        assertThat(publish(a, List.of(without), List.of()).answer().merge()).hasSize(1);
    }

    @Test
    void mergesAfterAnotherStartWhatAPlanHasJudgedSinceThePowerLoss() {
        StoreRef later = store(1, 2);
        Map<Integer, HeldRow> rows = Map.of(ROW, GateFixture.held(row(V5, later, B, C), ALL));
        StoreRows judged = new StoreRows(store(1, 3), A.incarnation(), leader(1), rows);
        StoreRows cutAgain = new StoreRows(store(1, 3), later.incarnation(), leader(1), rows);

        assertThat(judged.claims(0, 10).unclean())
                .as("not whole before it is merged")
                .containsExactly(ROW);
        assertThat(judged.merging()).containsExactly(ROW);
        assertThat(cutAgain.claims(0, 10).unclean()).containsExactly(ROW);
    }

    // A9: a claim is a claim of the row as it was persisted, old incarnation and all.
    @Test
    void claimsWholeMembershipsWithItsOwnPresentState() throws TractException {
        StoreRows d = new StoreRows(
                D,
                Incarnation.NONE,
                leader(1),
                Map.of(ROW, GateFixture.held(row(V6, recovering(D), inSync(B, 1), inSync(C, 2)), ClassSet.EMPTY)));
        d.reconciled(ROW, V6, ALL);

        assertThat(d.claims(0, 10).rows()).containsExactly(row(V6, D, B, C));
    }

    @Test
    void pagesItsClaims() {
        Row three = new Row(3, V5, row(V5, A, B, C).columns(), List.of());
        Row nine = new Row(9, V5, row(V5, A, B, C).columns(), List.of());
        StoreRows a = new StoreRows(
                A,
                Incarnation.NONE,
                leader(1),
                Map.of(3, GateFixture.held(three, ALL), 9, GateFixture.held(nine, ALL)));

        assertThat(a.claims(0, 1)).isEqualTo(new ClaimsPage(List.of(three), 9, Set.of()));
        assertThat(a.claims(9, 1)).isEqualTo(new ClaimsPage(List.of(nine), 0, Set.of()));
    }

    // A10: the claim fences the old leader.
    @Test
    void persistsAnEpochBeforeItAnswersAndRefusesOlderOnesInEverything() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));
        a.show(List.of(leader(1), leader(2)));

        Step<ClaimsPage> grant = a.grant(leader(2), 0, 10);

        assertThat(grant.point()).contains(leader(2));
        assertRefused(ErrorCode.STALE_EPOCH, () -> propose(a, 1, row(V6, A, B, C), V5));
        assertRefused(ErrorCode.STALE_EPOCH, () -> a.grant(leader(1), 0, 10));
        assertRefused(
                ErrorCode.STALE_EPOCH,
                () -> a.publish(leader(1).epoch(), leader(1).lineage(), List.of(), List.of()));
    }

    // D1: two servers on copies of one disk.
    @Test
    void refusesTheSameEpochOfAnotherLineage() {
        StoreRows a = holding(A, 1, row(V5, A, B, C));
        LeaderPoint clone = new LeaderPoint(leader(1).epoch(), new Lineage(new UUID(9, 9)), 99);

        assertRefused(ErrorCode.LINEAGE_MISMATCH, () -> a.grant(clone, 0, 10));
        assertRefused(ErrorCode.LINEAGE_MISMATCH, () -> a.show(List.of(clone)));
    }

    @Test
    void refusesAServerWhoseLogEndsBeforeTheEpochItSaw() {
        StoreRows a = holding(A, 2, row(V5, A, B, C));

        assertRefused(ErrorCode.LINEAGE_MISMATCH, () -> a.show(List.of(leader(1))));
    }

    @Test
    void grantsNoEpochThatWasNotShown() {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        assertRefused(ErrorCode.STARTING, () -> a.grant(leader(2), 0, 10));
        assertRefused(ErrorCode.STARTING, () -> propose(a, 2, row(version(2, 1), A, B, C), V5));
    }

    // P7: an old copy of its disk, taken under the same leader, claims nothing before registration has told it so.
    @Test
    void grantsTheEpochOfBeforeItsStartOnlyOnceItIsShownAgain() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        assertRefused(ErrorCode.STARTING, () -> a.grant(leader(1), 0, 10));
        a.show(List.of(leader(1)));

        assertThat(a.grant(leader(1), 0, 10).answer().rows()).hasSize(1);
    }

    @Test
    void grantsTheFirstLeaderOfAFreshCluster() throws TractException {
        StoreRows a = new StoreRows(A, Incarnation.NONE, NOBODY, Map.of());
        a.show(List.of(leader(1)));

        assertThat(a.grant(leader(1), 0, 10).answer().rows()).isEmpty();
        assertThat(a.leader()).isEqualTo(leader(1));
    }

    // A7, A11: only what is published is reconciled, and a version change voids the result.
    @Test
    void asksForReconcileWhenThePublishedRowLeavesItRecovering() throws TractException {
        Row v6 = row(V6, recovering(D), inSync(B, 1), inSync(C, 2));
        StoreRows d = new StoreRows(D, Incarnation.NONE, leader(1), Map.of());
        propose(d, 1, v6, V5);

        Step<Published> step = publish(d, List.of(v6), List.of());

        assertThat(step.answer().reconcile()).extracting(HeldRow::row).containsExactly(v6);
        assertThat(step.rows()).extracting(HeldRow::published).containsExactly(true);
        assertThat(d.isRecovering()).isTrue();
    }

    @Test
    void voidsAReconcileThatEndsUnderAnotherVersion() throws TractException {
        StoreRows d = new StoreRows(D, Incarnation.NONE, leader(1), Map.of());
        propose(d, 1, row(V6, recovering(D), inSync(B, 1), inSync(C, 2)), V5);
        propose(d, 1, row(V7, recovering(D), inSync(B, 1), recovering(E)), V6);

        assertThat(d.reconciled(ROW, V6, ALL).answer()).isEmpty();
        assertThat(d.reconciled(ROW, V7, ALL).answer()).map(HeldRow::held).contains(ALL);
        assertThat(d.isRecovering()).isFalse();
    }

    @Test
    void reportsAgainWhenThePublishedRowKnowsLessThanItHolds() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<Published> step = publish(a, List.of(row(V5, recovering(A), inSync(B, 1), inSync(C, 2))), List.of());

        assertThat(step.answer().report()).extracting(HeldRow::held).containsExactly(ALL);
    }

    @Test
    void takesAPublishedRowWhoseProposalItMissedAsRecovering() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<Published> step = publish(a, List.of(row(V6, A, B, D)), List.of());

        assertThat(step.rows()).extracting(HeldRow::held).containsExactly(ClassSet.EMPTY);
        assertThat(step.answer().reconcile()).hasSize(1);
    }

    @Test
    void passesOverAPublishedRowThatIsOlderThanItsOwn() throws TractException {
        StoreRows a = holding(A, 1, row(V7, A, B, C));

        assertThat(publish(a, List.of(row(V6, A, B, D)), List.of()).rows()).isEmpty();
    }

    // A14: emptied by order only, and older versions are refused from then on.
    @Test
    void emptiesARowByOrderAndRefusesOlderVersionsThen() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<Published> step = publish(a, List.of(), List.of(new EmptyOrder(ROW, V7)));

        assertThat(step.answer().emptied()).hasSize(1);
        assertThat(step.rows().get(0).row().version()).isEqualTo(V7);
        assertThat(step.rows().get(0).held()).isEqualTo(ClassSet.EMPTY);
        assertThat(propose(a, 1, row(V6, A, B, D), V5).answer().get(0).accepted())
                .isFalse();
    }

    @Test
    void doesNotEmptyARowForAProposalAlone() throws TractException {
        StoreRows a = holding(A, 1, row(V5, A, B, C));

        Step<List<ProposalVerdict>> step = propose(a, 1, row(V6, D, B, C), V5);

        assertThat(step.rows()).isEmpty();
        assertThat(a.claims(0, 10).rows()).containsExactly(row(V5, A, B, C));
    }

    @Test
    void doesNotEmptyARowOfWhichItIsAMemberUnderThatVersion() throws TractException {
        StoreRows a = holding(A, 1, row(V7, A, B, C));

        assertThat(publish(a, List.of(), List.of(new EmptyOrder(ROW, V7))).rows())
                .isEmpty();
        assertThat(publish(a, List.of(), List.of(new EmptyOrder(ROW, V6))).rows())
                .isEmpty();
    }

    private static Step<List<ProposalVerdict>> propose(StoreRows rows, int epoch, Row row, RowVersion floor)
            throws TractException {
        return rows.propose(leader(epoch).epoch(), leader(epoch).lineage(), List.of(new ProposedRow(row, floor)));
    }

    private static Step<Published> publish(StoreRows rows, List<Row> published, List<EmptyOrder> empties)
            throws TractException {
        return rows.publish(leader(1).epoch(), leader(1).lineage(), published, empties);
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TractException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
