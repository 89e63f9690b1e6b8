package io.tractfs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.id.RowVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBlocksTest {
    private static final int ROWS = 600;

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int index = 0; index < ROWS; index++) {
            rows.add(Row.unassigned(index, 3));
        }
        return rows;
    }

    private static Row changed(int index) {
        return new Row(index, new RowVersion(7), Columns.vacant(3), List.of());
    }

    @Test
    void holdsTheRowsInTheirOrder() {
        assertThat(RowBlocks.of(rows())).isEqualTo(rows()).hasSize(ROWS);
    }

    @Test
    void aChangeLeavesEarlierRowsAsTheyWere() {
        RowBlocks before = RowBlocks.of(rows());
        List<Row> expected = rows();
        expected.set(0, changed(0));
        expected.set(599, changed(599));

        RowBlocks after = before.with(List.of(changed(0), changed(599)));

        assertThat(after).isEqualTo(expected);
        assertThat(before).isEqualTo(rows());
        assertThat(after.with(List.of())).isSameAs(after);
        assertThat(RowBlocks.of(after)).isSameAs(after);
    }

    @Test
    void canBeChangedByNobody() {
        assertThatThrownBy(() -> RowBlocks.of(rows()).set(0, changed(0)))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
