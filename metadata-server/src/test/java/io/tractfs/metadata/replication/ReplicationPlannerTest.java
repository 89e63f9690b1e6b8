package io.tractfs.metadata.replication;

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
import io.tractfs.table.Waiting;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What members do for a change of replication (P33). */
class ReplicationPlannerTest {
    private static final Row ROW = row(ClassSet.ofColumn(0, 3), ClassSet.ofColumn(1, 3), ClassSet.ofColumn(2, 3));

    @Test
    void holdersFirstThenThoseWhoLackIt() {
        assertThat(plan(ROW, 1, 3, false)).isEqualTo("hold 0, then hold 1 hold 2");
        assertThat(plan(ROW, 2, 7, false)).isEqualTo("hold 0 hold 1, then hold 2");
    }

    @Test
    void copiesAreDroppedOnlyAfterTheCommit() {
        assertThat(plan(ROW, 3, 1, false)).isEqualTo("hold 0 hold 1 hold 2, then");
        assertThat(plan(ROW, 1, 3, true)).isEqualTo("hold 0, then trim 1 trim 2");
    }

    @Test
    void aCommittedRaiseStillDropsWhatAnEarlierChangeLeft() {
        assertThat(plan(ROW, 2, 1, true)).isEqualTo("hold 0 hold 1, then trim 2");
    }

    @Test
    void waitsForARowWhoseMembersAreNotAllInSync() {
        assertThat(plan(row(ClassSet.ofColumn(0, 3), ClassSet.EMPTY, ClassSet.ofColumn(2, 3)), 2, 3, false))
                .isEqualTo("nothing");
        Row handingOver = row(ClassSet.ofColumn(0, 3), ClassSet.ofColumn(0, 3), ClassSet.ofColumn(2, 3));
        assertThat(plan(handingOver, 2, 1, true)).isEqualTo("nothing");
    }

    @Test
    void aClassThatWaitsForAStoreHindersOnlyItsOwnTracts() {
        ClassSet one = new ClassSet(1);
        Row in = row(ClassSet.ofColumn(0, 3).minus(one), ClassSet.ofColumn(1, 3), ClassSet.ofColumn(2, 3));
        Row frozen = new Row(1, in.version(), in.columns(), List.of(new Waiting(store(9), in.version(), one)));
        assertThat(plan(frozen, 2, 3, false)).isEqualTo("hold 0 hold 1, then hold 2");
        assertThat(plan(frozen, 2, 3, true)).isEqualTo("hold 0 hold 1, then trim 2");
        assertThat(plan(frozen, 1, 2, false)).isEqualTo("nothing");
        assertThat(plan(frozen, 3, 1, false)).isEqualTo("nothing");
        assertThat(plan(frozen, 2, 1, true)).isEqualTo("nothing");
        assertThat(ReplicationPlanner.plan(frozen, 2, 3, false)
                        .orElseThrow()
                        .get(0)
                        .get(0)
                        .classes())
                .isEqualTo(ClassSet.ofColumn(0, 3).minus(one));
        Row missing = row(new ClassSet(2), ClassSet.ofColumn(1, 3), ClassSet.ofColumn(2, 3));
        assertThat(plan(new Row(1, in.version(), missing.columns(), frozen.waiting()), 2, 3, false))
                .isEqualTo("nothing");
    }

    @Test
    void goesRoundAVacantColumn() {
        Row vacant = new Row(1, ROW.version(), ROW.columns().with(1, null), List.of());
        assertThat(plan(vacant, 1, 3, false)).isEqualTo("hold 0, then hold 2");
        assertThat(plan(new Row(1, ROW.version(), Columns.vacant(3), List.of()), 1, 3, false))
                .isEqualTo("nothing");
    }

    private static String plan(Row row, int replication, int other, boolean committed) {
        return ReplicationPlanner.plan(row, replication, other, committed)
                .map(stages ->
                        text(stages.get(0)) + ", then" + (stages.get(1).isEmpty() ? "" : " ") + text(stages.get(1)))
                .orElse("nothing");
    }

    private static String text(List<ReplicationPlanner.Step> steps) {
        return String.join(
                " ",
                steps.stream()
                        .map(step -> (step.trim() ? "trim " : "hold ")
                                + step.member().ref().store().value().getLeastSignificantBits())
                        .toList());
    }

    private static StoreId store(int number) {
        return new StoreId(new UUID(0, number));
    }

    private static Row row(ClassSet... held) {
        Columns columns = Columns.vacant(held.length);
        for (int column = 0; column < held.length; column++) {
            columns = columns.with(column, new Member(new StoreRef(store(column), new Incarnation(1)), held[column]));
        }
        return new Row(1, RowVersion.of(new Epoch(1), 5), columns, List.of());
    }
}
