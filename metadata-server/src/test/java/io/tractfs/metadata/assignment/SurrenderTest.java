package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nobody gives a class up for a plan before somebody else keeps it under that plan (P2). */
class SurrenderTest {
    private static final StoreRef A = store(1);
    private static final StoreRef B = store(2);
    private static final RowVersion PUBLISHED = RowVersion.of(new Epoch(1), 5);
    private static final RowVersion PLANNED = RowVersion.of(new Epoch(1), 6);
    private static final ClassSet ALL = new ClassSet(0b111);
    private static final ClassSet LATER = new ClassSet(0b110);

    private final RowState row = new RowState(0, 3, PUBLISHED, changed -> {});

    @Test
    void aGiverIsAskedOnceTheOneThatKeepsTheClassHasAccepted() {
        row.setCopy(new HeldCopy(A, PUBLISHED, ALL, false));
        row.setCopy(new HeldCopy(B, PUBLISHED, ALL, false));
        PlanInFlight plan = plan(new Member(A, ALL), new Member(B, LATER), null);
        assertThat(plan.asks(A)).isTrue();
        assertThat(plan.asks(B)).isFalse();

        plan.acknowledge(A, ALL);

        assertThat(plan.asks(B)).isTrue();
    }

    @Test
    void oneThatKeepsLessThanItWasToEndsThePlan() {
        row.setCopy(new HeldCopy(A, PUBLISHED, ALL, false));
        row.setCopy(new HeldCopy(B, PUBLISHED, ALL, false));
        PlanInFlight plan = plan(new Member(A, ALL), new Member(B, LATER), null);

        assertThat(plan.isBelied(A, LATER)).isTrue();
        assertThat(plan.isBelied(A, ALL)).isFalse();
        assertThat(plan.isBelied(B, ALL)).isFalse();
    }

    @Test
    void whatNobodyInThePlanHoldsIsNotWaitedFor() {
        row.setCopy(new HeldCopy(B, PUBLISHED, ALL, false));
        PlanInFlight plan = plan(new Member(A, ClassSet.EMPTY), new Member(B, LATER), null);

        assertThat(plan.asks(B)).isTrue();
    }

    private PlanInFlight plan(@Nullable Member... members) {
        Row planned = new Row(0, PLANNED, Columns.of(members), List.of());
        return new PlanInFlight(planned, PUBLISHED, ClassSet.EMPTY, Doubt.of(row, planned), Surrender.of(row, planned));
    }

    private static StoreRef store(int number) {
        return new StoreRef(new StoreId(new UUID(0, number)), new Incarnation(1));
    }
}
