package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.table.Columns;
import io.tractfs.table.Row;
import io.tractfs.table.TableSequence;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TableHistoryTest {
    private final TableHistory empty = TableHistory.empty(new ClusterId(new UUID(1, 2)), new Epoch(3), 1024, 3);

    @Test
    void givesWhatChangedSinceASequence() {
        TableHistory one = empty.with(List.of(row(5, 1), row(700, 1)), Map.of());
        TableHistory two = one.with(List.of(row(5, 2)), Map.of());

        assertThat(two.since(empty.image().sequence())).containsExactly(row(5, 2), row(700, 1));
        assertThat(two.since(one.image().sequence())).containsExactly(row(5, 2));
        assertThat(two.since(two.image().sequence())).isEmpty();
        assertThat(one.image().rows().get(5)).isEqualTo(row(5, 1));
    }

    @Test
    void knowsSequencesOfItsOwnEpochOnly() {
        TableHistory one = empty.with(List.of(row(5, 1)), Map.of());

        assertThat(one.knows(new TableSequence(new Epoch(3), 1))).isTrue();
        assertThat(one.knows(new TableSequence(new Epoch(3), 2))).isFalse();
        assertThat(one.knows(new TableSequence(new Epoch(2), 1))).isFalse();
    }

    private static Row row(int index, int counter) {
        return new Row(index, RowVersion.of(new Epoch(3), counter), Columns.vacant(3), List.of());
    }
}
