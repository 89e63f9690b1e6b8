package io.tractfs.metadata.planning;

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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A row whose members were proposed and never published: no client has seen it, so it is as empty as one without members. */
class FreshRowTest {
    private static final RowVersion PROPOSED = RowVersion.of(new Epoch(1), 1);
    private static final RowVersion NEXT = RowVersion.of(new Epoch(1), 2);

    @Test
    void waitsForNoMemberThatWentBeforeItWasPublished() {
        Row planned = plan(proposed(List.of(), 0, 1, 2), 0, store(1), store(2));

        assertThat(planned.waiting()).isEmpty();
        assertThat(stores(planned)).containsExactly(id(1), id(2), null);
        assertThat(planned.columns().at(0)).isNotNull();
        assertThat(Stream.of(1, 2, 3)).noneMatch(planned::isFrozen);
    }

    @Test
    void forgetsWhomAnEarlierPlanWaitedFor() {
        List<Waiting> waiting = List.of(new Waiting(id(0), RowVersion.NONE, ClassSet.ofColumn(0, 3)));

        Row planned = plan(proposed(waiting, -1, 1, 2), 1, store(1), store(2), store(3));

        assertThat(planned.waiting()).isEmpty();
        assertThat(stores(planned)).containsExactly(id(1), id(2), id(3));
    }

    private static Row plan(Row row, int reserved, Candidate... live) {
        RowCase fresh = new RowCase(row, RowVersion.NONE, Map.of(), Set.of(), reserved, true);
        List<PlannedRow> planned =
                new PlacementPlanner(new Roster(List.of(live)), 3).plan(List.of(fresh), List.of(), NEXT);
        assertThat(planned).hasSize(1);
        return planned.get(0).row();
    }

    /** Members by column; a negative number leaves the column vacant. */
    private static Row proposed(List<Waiting> waiting, int... stores) {
        @Nullable Member[] members = new @Nullable Member[stores.length];
        for (int column = 0; column < stores.length; column++) {
            if (stores[column] >= 0) {
                members[column] = new Member(ref(stores[column]), ClassSet.ofColumn(column, stores.length));
            }
        }
        return new Row(7, PROPOSED, Columns.of(members), waiting);
    }

    private static List<@Nullable StoreId> stores(Row row) {
        return IntStream.range(0, row.columns().count())
                .mapToObj(row.columns()::at)
                .<@Nullable StoreId>map(
                        member -> member == null ? null : member.ref().store())
                .toList();
    }

    private static Candidate store(int number) {
        return new Candidate(ref(number), "server" + number, "/default", 1L << 30);
    }

    private static StoreRef ref(int number) {
        return new StoreRef(id(number), new Incarnation(1));
    }

    private static StoreId id(int number) {
        return new StoreId(new UUID(0, number));
    }
}
