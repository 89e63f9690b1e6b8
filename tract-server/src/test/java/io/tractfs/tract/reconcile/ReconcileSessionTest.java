package io.tractfs.tract.reconcile;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.ROW;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.tract.reconcile.ReconcileEffect.Complete;
import io.tractfs.tract.reconcile.ReconcileEffect.DropDamage;
import io.tractfs.tract.reconcile.ReconcileEffect.Fetch;
import io.tractfs.tract.reconcile.ReconcileEffect.GiveUp;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.ReconcileEffect.LookUp;
import io.tractfs.tract.reconcile.ReconcileEffect.RecordLost;
import io.tractfs.tract.reconcile.ReconcileEffect.Seal;
import io.tractfs.tract.reconcile.ReconcileEvent.Failed;
import io.tractfs.tract.reconcile.ReconcileEvent.FetchRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Fetched;
import io.tractfs.tract.reconcile.ReconcileEvent.ListRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Listed;
import io.tractfs.tract.reconcile.ReconcileEvent.LookedUp;
import io.tractfs.tract.reconcile.ReconcileEvent.Lost;
import io.tractfs.tract.reconcile.ReconcileEvent.Pair;
import io.tractfs.tract.reconcile.ReconcileEvent.Sealed;
import io.tractfs.tract.reconcile.ReconcileEvent.Voided;
import io.tractfs.tract.reconcile.ReconcilePlan.Source;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconcileSessionTest {
    private static final RowVersion V6 = version(1, 6);
    private static final ReconcileLimits LIMITS = new ReconcileLimits(2, 1024, 2);
    private static final TractState T1 = tract(1, 700);
    private static final TractState T2 = tract(2, 2048);

    private static final List<Source> HOLDERS = List.of(new Source(A, ALL), new Source(B, ALL));

    private final SourceLoad load = new SourceLoad();
    private final ReconcileSession session =
            new ReconcileSession(new ReconcilePlan(ROW, V6, List.of(new Source(A, ALL)), HOLDERS), LIMITS, load);

    @Test
    void completesOnlyAfterEverythingIsFetchedAndOnDisk() {
        assertThat(session.start()).containsExactly(new ListRow(A, ROW, V6, ALL, null, 2));
        assertThat(session.step(new Listed(A, List.of(T1), false))).containsExactly(new LookUp(A, List.of(T1)));
        Stretch whole = new Stretch(A, T1, 0, 700);
        assertThat(lookedUp(T1, null)).containsExactly(new Fetch(whole));
        assertThat(session.step(new Fetched(whole))).containsExactly(new Seal(T1.tract()));
        assertThat(session.step(new Sealed(T1.tract()))).containsExactly(new Complete(ROW, V6, ALL, 0));
        assertThat(session.isEnded()).isTrue();
    }

    @Test
    void completesAtOnceWhereTheSourceHasNothing() {
        session.start();

        assertThat(session.step(new Listed(A, List.of(), false))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    @Test
    void fetchesInPiecesWithinItsLimitAndSealsOnce() {
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        Stretch first = new Stretch(A, T2, 0, 1024);
        Stretch second = new Stretch(A, T2, 1024, 2048);

        assertThat(lookedUp(T2, null)).containsExactly(new Fetch(first), new Fetch(second));
        assertThat(session.step(new Fetched(second))).isEmpty();
        assertThat(session.step(new Fetched(first))).containsExactly(new Seal(T2.tract()));
    }

    @Test
    void asksForTheNextPageOnceNothingWaits() {
        session.start();
        session.step(new Listed(A, List.of(T1, T2), true));

        assertThat(session.step(new LookedUp(A, List.of(same(T1), same(T2)))))
                .containsExactly(
                        new Seal(T1.tract()), new Seal(T2.tract()), new ListRow(A, ROW, V6, ALL, T2.tract(), 2));
    }

    // A7: the session that fetched it may have been voided before it put it on disk.
    @Test
    void sealsWhatIsHereAlreadyBeforeItCompletes() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));

        assertThat(lookedUp(T1, T1)).containsExactly(new Seal(T1.tract()));
        assertThat(session.step(new Sealed(T1.tract()))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    // A second comparison fetches the difference only.
    @Test
    void fetchesOnlyWhatIsMissingFromTheEdgeOfAChunk() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));

        assertThat(lookedUp(T1, tract(1, 600))).containsExactly(new Fetch(new Stretch(A, T1, 512, 700)));
    }

    @Test
    void fetchesTheGapBelowARangeThatAClientWrote() {
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        TractState local = state(2, 512, List.of(new Span(1100, 2048)), V6, List.of());

        assertThat(lookedUp(T2, local)).containsExactly(new Fetch(new Stretch(A, T2, 512, 1536)));
    }

    // C5: a damaged range counts as not held.
    @Test
    void fetchesAnewWhatIsDamagedHere() {
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        TractState local = state(2, 2048, List.of(), V6, List.of(new Span(512, 1024)));

        assertThat(lookedUp(T2, local)).containsExactly(new Fetch(new Stretch(A, T2, 512, 1024)));
    }

    // B1, P19: fence records travel too.
    @Test
    void takesOverAFenceThatHasNoBytes() {
        TractState fence = tract(3, 0);
        session.start();
        session.step(new Listed(A, List.of(fence), false));

        assertThat(lookedUp(fence, null)).containsExactly(new Fetch(new Stretch(A, fence, 0, 0)));
    }

    @Test
    void fetchesNothingOfABlobThatWasDeletedMeanwhile() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));

        assertThat(session.step(new LookedUp(A, List.of(new Pair(T1, Optional.empty(), true)))))
                .containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    // C2: one bad range does not hold up the rest, and is never taken for the end.
    @Test
    void asksAnotherHolderForARangeThatIsDamagedAtTheSource() {
        TractState bad = state(2, 2048, List.of(), V6, List.of(new Span(512, 1024)));
        session.start();
        session.step(new Listed(A, List.of(bad), false));

        assertThat(lookedUp(bad, null))
                .containsExactly(new Fetch(new Stretch(B, bad, 512, 1024)), new Fetch(new Stretch(A, bad, 0, 512)));
    }

    @Test
    void recordsWhatNobodyCanGiveAndCompletes() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);

        assertThat(session.step(new FetchRefused(new Stretch(A, T1, 0, 700), ErrorCode.DAMAGED)))
                .containsExactly(new Fetch(new Stretch(B, T1, 0, 700)));
        Stretch lost = new Stretch(B, T1, 0, 700);
        assertThat(session.step(new FetchRefused(lost, ErrorCode.DAMAGED))).containsExactly(new RecordLost(lost));
        assertThat(session.step(new Lost(lost))).containsExactly(new Seal(T1.tract()));
        assertThat(session.step(new Sealed(T1.tract()))).containsExactly(new Complete(ROW, V6, ALL, 700));
    }

    // P25: a holder that lost its file, or cannot read it, knows neither length nor class of the tract.
    // Found by the simulation with seed 9855: a loss beyond what is here already is no loss for a store, it forgot it.
    @Test
    void recordsWhatNobodyCanGiveOnceTheRestOfTheTractIsIn() {
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        lookedUp(T2, null);
        Stretch first = new Stretch(A, T2, 0, 1024);
        Stretch lost = new Stretch(A, T2, 1024, 2048).from(B);

        assertThat(session.step(new FetchRefused(new Stretch(A, T2, 1024, 2048), ErrorCode.DAMAGED)))
                .containsExactly(new Fetch(lost));
        assertThat(session.step(new FetchRefused(lost, ErrorCode.DAMAGED)))
                .as("what is before it has yet to come")
                .isEmpty();
        assertThat(session.step(new Fetched(first))).containsExactly(new RecordLost(lost));
        assertThat(session.step(new Lost(lost))).containsExactly(new Seal(T2.tract()));
        assertThat(session.step(new Sealed(T2.tract()))).containsExactly(new Complete(ROW, V6, ALL, 1024));
    }

    @Test
    void recordsLossesFromTheBeginningOfTheTractOn() {
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        lookedUp(T2, null);
        Stretch first = new Stretch(A, T2, 0, 1024);
        Stretch second = new Stretch(A, T2, 1024, 2048);

        session.step(new FetchRefused(second, ErrorCode.DAMAGED));
        session.step(new FetchRefused(second.from(B), ErrorCode.DAMAGED));
        session.step(new FetchRefused(first, ErrorCode.DAMAGED));
        assertThat(session.step(new FetchRefused(first.from(B), ErrorCode.DAMAGED)))
                .containsExactly(new RecordLost(first.from(B)));
        assertThat(session.step(new Lost(first.from(B)))).containsExactly(new RecordLost(second.from(B)));
        assertThat(session.step(new Lost(second.from(B)))).containsExactly(new Seal(T2.tract()));
    }

    @Test
    void doesNotTakeForLostWhatEveryHolderHasRemovedSinceItWasListed() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);
        Stretch there = new Stretch(A, T1, 0, 700);

        assertThat(session.step(new FetchRefused(there, ErrorCode.TRACT_NOT_FOUND)))
                .containsExactly(new Fetch(there.from(B)));
        assertThat(session.step(new FetchRefused(there.from(B), ErrorCode.TRACT_NOT_FOUND)))
                .containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    @Test
    void recordsAsLostWhatOneHolderCannotGiveThoughAnotherHasNoneOfIt() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);
        Stretch there = new Stretch(A, T1, 0, 700);
        session.step(new FetchRefused(there, ErrorCode.DAMAGED));

        assertThat(session.step(new FetchRefused(there.from(B), ErrorCode.TRACT_NOT_FOUND)))
                .containsExactly(new RecordLost(there.from(B)));
    }

    @Test
    void listsEveryHolderWhereASourceCannotSayWhatATractHeld() {
        session.start();
        session.step(new Listed(A, List.of(unreadable(1)), false));

        assertThat(lookedUp(unreadable(1), null)).containsExactly(new ListRow(B, ROW, V6, ALL, null, 2));
        session.step(new Listed(B, List.of(T1), false));
        Stretch whole = new Stretch(B, T1, 0, 700);
        assertThat(session.step(new LookedUp(B, List.of(new Pair(T1, Optional.empty(), false)))))
                .containsExactly(new Fetch(whole));
        assertThat(session.step(new Fetched(whole))).containsExactly(new Seal(T1.tract()));
        assertThat(session.step(new Sealed(T1.tract()))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    @Test
    void recordsATractOfWhichNobodyCanSayWhatItHeld() {
        session.start();
        session.step(new Listed(A, List.of(unreadable(1)), false));
        lookedUp(unreadable(1), null);
        session.step(new Listed(B, List.of(unreadable(1)), false));
        Stretch lost = new Stretch(B, unreadable(1), 0, 512);

        assertThat(session.step(new LookedUp(B, List.of(new Pair(unreadable(1), Optional.empty(), false)))))
                .containsExactly(new RecordLost(lost));
        assertThat(session.step(new Lost(lost))).containsExactly(new Seal(T1.tract()));
        assertThat(session.step(new Sealed(T1.tract()))).containsExactly(new Complete(ROW, V6, ALL, 512));
    }

    @Test
    void keepsWhatIsHereWhereNobodyElseCanSayWhatATractHeld() {
        session.start();
        session.step(new Listed(A, List.of(unreadable(1)), false));
        lookedUp(unreadable(1), T1);

        assertThat(session.step(new Listed(B, List.of(), false))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    // C5: completeness is judged by the source's list.
    @Test
    void dropsDamageBeyondTheEndOfASoundHolder() {
        TractState here = state(1, 1200, List.of(), V6, List.of(new Span(1024, 1200)));
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        Stretch beyond = new Stretch(A, T1, 700, 1200);

        assertThat(lookedUp(T1, here)).containsExactly(new DropDamage(beyond));
        assertThat(session.step(new Lost(beyond))).containsExactly(new Seal(T1.tract()));
    }

    // P21: nothing is cut below what somebody recorded as acknowledged.
    @Test
    void keepsDamageThatWasAcknowledgedThoughTheHolderIsShorter() {
        TractState remote = acknowledged(state(0, 700, List.of(), V6, List.of()), 1100);
        TractState here = state(0, 1200, List.of(), V6, List.of(new Span(1024, 1200)));
        session.start();
        session.step(new Listed(A, List.of(remote), false));

        assertThat(lookedUp(remote, here)).doesNotHaveAnyElementsOfTypes(DropDamage.class);
    }

    private static TractState acknowledged(TractState state, long length) {
        return new TractState(
                state.tract(),
                state.length(),
                state.ranges(),
                state.generation(),
                state.version(),
                state.replication(),
                state.tractSize(),
                length,
                state.damaged());
    }

    // A7, P11: a version change voids list and report.
    @Test
    void endsWithoutAResultWhenTheVersionChanges() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);

        assertThat(session.step(new Voided())).containsExactly(new GiveUp(ROW, ErrorCode.STALE_VERSION));
        assertThat(session.step(new Fetched(new Stretch(A, T1, 0, 700)))).isEmpty();
    }

    @Test
    void givesUpForNowWhenTheSourceIsGoneOrTheDiskIsFull() {
        session.start();
        assertThat(session.step(new ListRefused(A, ErrorCode.CONNECT_FAILED)))
                .containsExactly(new GiveUp(ROW, ErrorCode.CONNECT_FAILED));

        ReconcileSession other = new ReconcileSession(session.plan(), LIMITS, load);
        other.start();
        assertThat(other.step(new Failed(ErrorCode.DISK_FULL))).containsExactly(new GiveUp(ROW, ErrorCode.DISK_FULL));
    }

    @Test
    void fetchesEachTractFromTheHolderThatHasLeastToGive() {
        load.add(A, 5_000);
        session.start();
        session.step(new Listed(A, List.of(T1, T2), false));

        assertThat(session.step(new LookedUp(
                        A, List.of(new Pair(T1, Optional.empty(), false), new Pair(T2, Optional.empty(), false)))))
                .containsExactly(new Fetch(new Stretch(B, T1, 0, 700)), new Fetch(new Stretch(B, T2, 0, 1024)));
    }

    // The holder that is asked may lack bytes that the listed one got and that nobody acknowledged.
    @Test
    void goesBackToTheListedHolderForWhatAnotherDoesNotHave() {
        load.add(A, 5_000);
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);

        assertThat(session.step(new FetchRefused(new Stretch(B, T1, 0, 700), ErrorCode.SHORT)))
                .containsExactly(new Fetch(new Stretch(A, T1, 0, 700)));
    }

    // Found by the simulation with seed 5124: writer recovery cut every holder between list and fetch.
    @Test
    void takesNothingForLostThatItsSourceWasCutBelowSinceItWasListed() {
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);

        assertThat(session.step(new FetchRefused(new Stretch(A, T1, 0, 700), ErrorCode.SHORT)))
                .containsExactly(new GiveUp(ROW, ErrorCode.SHORT));
    }

    @Test
    void listsAnewWhereTheListedHolderHasBecomeShorterToo() {
        load.add(A, 5_000);
        session.start();
        session.step(new Listed(A, List.of(T1), false));
        lookedUp(T1, null);
        session.step(new FetchRefused(new Stretch(B, T1, 0, 700), ErrorCode.SHORT));

        assertThat(session.step(new FetchRefused(new Stretch(A, T1, 0, 700), ErrorCode.SHORT)))
                .containsExactly(new GiveUp(ROW, ErrorCode.SHORT));
    }

    // P25: what was damaged already when it was listed is not held up by a holder that is shorter.
    @Test
    void recordsAsLostWhatIsDamagedAtTheListedHolderAndBeyondTheEndOfTheOther() {
        TractState bad = state(1, 700, List.of(), V6, List.of(new Span(512, 700)));
        session.start();
        session.step(new Listed(A, List.of(bad), false));
        lookedUp(bad, null);
        Stretch there = new Stretch(B, bad, 512, 700);
        session.step(new Fetched(new Stretch(A, bad, 0, 512)));

        assertThat(session.step(new FetchRefused(there, ErrorCode.SHORT))).containsExactly(new RecordLost(there));
    }

    // A13: this store cannot reach B, though everybody else can.
    @Test
    void goesBackToTheListedHolderWhenAnotherCannotBeReachedAndLeavesThatOneAlone() {
        load.add(A, 5_000);
        session.start();
        session.step(new Listed(A, List.of(T1, T2), true));
        lookedUp(T1, null);

        assertThat(session.step(new FetchRefused(new Stretch(B, T1, 0, 700), ErrorCode.DEADLINE_EXCEEDED)))
                .containsExactly(new Fetch(new Stretch(A, T1, 0, 700)));
        assertThat(lookedUp(T2, null)).containsExactly(new Fetch(new Stretch(A, T2, 0, 1024)));
        assertThat(session.step(new FetchRefused(new Stretch(A, T1, 0, 700), ErrorCode.DEADLINE_EXCEEDED)))
                .containsExactly(new GiveUp(ROW, ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void leavesNoLoadBehindWhenItEnds() {
        load.add(A, 100);
        session.start();
        session.step(new Listed(A, List.of(T2), false));
        lookedUp(T2, null);
        session.step(new Voided());

        ReconcileSession next = new ReconcileSession(session.plan(), LIMITS, load);
        next.start();
        next.step(new Listed(A, List.of(T1), false));
        assertThat(next.step(new LookedUp(A, List.of(new Pair(T1, Optional.empty(), false)))))
                .as("B has nothing to give any more, A has")
                .containsExactly(new Fetch(new Stretch(B, T1, 0, 700)));
    }

    // A2, A3: classes come from their own holders.
    @Test
    void listsEverySourceBeforeItCompletes() {
        ReconcileSession two = new ReconcileSession(
                new ReconcilePlan(
                        ROW,
                        V6,
                        List.of(new Source(B, new ClassSet(6)), new Source(C, new ClassSet(1))),
                        List.of(new Source(B, new ClassSet(6)), new Source(C, new ClassSet(1)))),
                LIMITS,
                load);

        two.start();
        assertThat(two.step(new Listed(B, List.of(), false)))
                .containsExactly(new ListRow(C, ROW, V6, new ClassSet(1), null, 2));
        assertThat(two.step(new Listed(C, List.of(), false))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    // P7: what the power took from this source another holder may have.
    @Test
    void listsEveryHolderWhereASourceIsBeingMerged() {
        session.start();

        assertThat(session.step(new Listed(A, List.of(), false, true)))
                .containsExactly(new ListRow(B, ROW, V6, ALL, null, 2));
        assertThat(session.step(new Listed(B, List.of(), false, true))).containsExactly(new Complete(ROW, V6, ALL, 0));
    }

    private List<ReconcileEffect> lookedUp(TractState remote, @Nullable TractState local) {
        return session.step(new LookedUp(A, List.of(new Pair(remote, Optional.ofNullable(local), false))));
    }

    private static Pair same(TractState state) {
        return new Pair(state, Optional.of(state), false);
    }

    private static TractState unreadable(int index) {
        return state(index, 512, List.of(), RowVersion.NONE, List.of(new Span(0, 512)));
    }

    private static TractState tract(int index, int length) {
        return state(index, length, List.of(), version(1, 5), List.of());
    }

    private static TractState state(int index, int length, List<Span> ranges, RowVersion version, List<Span> damaged) {
        return new TractState(
                new TractId(new BlobId(9), index), length, ranges, Generation.ZERO, version, 3, 1 << 20, 0, damaged);
    }
}
