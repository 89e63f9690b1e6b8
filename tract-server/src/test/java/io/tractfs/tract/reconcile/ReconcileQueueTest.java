package io.tractfs.tract.reconcile;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.D;
import static io.tractfs.tract.gate.GateFixture.inSync;
import static io.tractfs.tract.gate.GateFixture.recovering;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.RowVersion;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.tract.reconcile.ReconcilePlan.Source;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReconcileQueueTest {
    private static final RowVersion V6 = version(1, 6);

    private final ReconcileQueue queue = new ReconcileQueue(D, 2);

    @Test
    void takesRowsWithTheFewestInSyncMembersFirst() {
        queue.add(row(1, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        queue.add(row(2, recovering(D), inSync(B, 1), recovering(C)), false);

        assertThat(queue.next(0)).map(ReconcilePlan::row).contains(2);
        assertThat(queue.next(0)).map(ReconcilePlan::row).contains(1);
    }

    @Test
    void runsNoMoreSessionsThanItsLimit() {
        queue.add(row(1, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        queue.add(row(2, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        queue.add(row(3, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        ReconcilePlan first = next(0);
        next(0);

        assertThat(queue.next(0)).isEmpty();
        queue.ended(first, true, 0);
        assertThat(queue.next(0)).map(ReconcilePlan::row).contains(3);
    }

    @Test
    void pausesLongerAfterEachFailureAndNotAfterANewVersion() {
        queue.add(row(1, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        queue.ended(next(0), false, 0);

        assertThat(queue.next(ReconcileQueue.FIRST_PAUSE_MS - 1)).isEmpty();
        queue.ended(next(ReconcileQueue.FIRST_PAUSE_MS), false, 0);
        assertThat(queue.next(ReconcileQueue.FIRST_PAUSE_MS)).isEmpty();

        queue.add(held(1, version(1, 7), recovering(D), inSync(B, 1), inSync(C, 2)), false);
        assertThat(queue.next(0)).isPresent();
    }

    @Test
    void waitsWhereNobodyHoldsWhatIsMissing() {
        queue.add(row(1, recovering(D), recovering(B), recovering(C)), false);

        assertThat(queue.next(0)).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void forgetsARowThatIsDone() {
        queue.add(row(1, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        queue.ended(next(0), true, 0);

        assertThat(queue.size()).isZero();
        assertThat(queue.runningCount()).isZero();
    }

    // P11: the end of a session under an older version says nothing about the row under the present one.
    @Test
    void keepsARowThatGotAnotherVersionWhileItsSessionRan() {
        queue.add(row(1, recovering(D), inSync(B, 1), inSync(C, 2)), false);
        ReconcilePlan old = next(0);
        queue.add(held(1, version(1, 7), recovering(D), inSync(B, 1), inSync(C, 2)), false);

        queue.ended(old, true, 0);

        assertThat(queue.size()).isEqualTo(1);
        assertThat(next(0).version()).isEqualTo(version(1, 7));
    }

    // P7, P25: what was missing was fetched, what is damaged or cut was not compared.
    @Test
    void comparesEverythingThoughWhatWasMissingIsThere() {
        HeldRow held = row(1, recovering(D), inSync(B, 1), inSync(C, 2));
        queue.add(held, false);
        ReconcilePlan missing = next(0);
        queue.add(held, true);

        queue.ended(missing, true, 0);

        assertThat(next(0).comparesAll()).isTrue();
    }

    private ReconcilePlan next(long nowMs) {
        return queue.next(nowMs).orElseThrow();
    }

    // A2: nobody else holds what column 0 alone carries.
    @Test
    void plansOnlyClassesThatSomebodyHolds() {
        HeldRow held = row(1, recovering(D), inSync(B, 1), inSync(C, 2));

        assertThat(ReconcilePlan.forMissing(held, D))
                .map(ReconcilePlan::classes)
                .contains(new ClassSet(6));
    }

    @Test
    void takesOneSourceForAllWhereOneHoldsAll() {
        HeldRow held = row(3, inSync(A, 0), recovering(D), inSync(C, 2));

        assertThat(ReconcilePlan.forMissing(held, D).orElseThrow().sources())
                .containsExactly(new Source(A, new ClassSet(6)));
    }

    @Test
    void comparesEverythingToHealDamage() {
        HeldRow held =
                new HeldRow(new Row(1, V6, Columns.of(inSync(A, 0), inSync(D, 1), inSync(C, 2)), List.of()), ALL, true);

        assertThat(ReconcilePlan.forMissing(held, D)).isEmpty();
        assertThat(ReconcilePlan.forHealing(held, D))
                .map(ReconcilePlan::classes)
                .contains(new ClassSet(6));
    }

    private static HeldRow row(int index, @Nullable Member... members) {
        return held(index, V6, members);
    }

    private static HeldRow held(int index, RowVersion version, @Nullable Member... members) {
        return new HeldRow(new Row(index, version, Columns.of(members), List.of()), ClassSet.EMPTY, true);
    }
}
