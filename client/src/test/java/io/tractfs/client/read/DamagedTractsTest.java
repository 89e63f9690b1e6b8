package io.tractfs.client.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.client.Segment;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DamagedTractsTest {
    private static final int TRACT = 1_000;
    private static final int ROWS = 4;
    private static final StoreId FIRST = new StoreId(new UUID(0, 1));
    private static final StoreId SECOND = new StoreId(new UUID(0, 2));
    private static final BlobId BLOB = new BlobId(77);
    private static final TractId TAIL = new TractId(BLOB, 2);

    /** Two tracts and a half, two copies. */
    private static final Segment SEGMENT = new Segment(BLOB, 2_500, TRACT, 2, false);

    private static Row row(int index, List<Waiting> waiting) {
        Columns columns = Columns.of(
                new Member(new StoreRef(FIRST, new Incarnation(1)), ClassSet.ofColumn(0, 2)),
                new Member(new StoreRef(SECOND, new Incarnation(1)), ClassSet.ofColumn(1, 2)));
        return new Row(index, RowVersion.of(new Epoch(1), 1), columns, waiting);
    }

    private static TableImage table(int frozen) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(
                    i,
                    i == frozen ? List.of(new Waiting(SECOND, RowVersion.NONE, ClassSet.ofColumn(1, 2))) : List.of()));
        }
        return new TableImage(new ClusterId(new UUID(9, 9)), TableSequence.NONE, 2, Map.of(), rows);
    }

    private final DamagedTracts damaged = new DamagedTracts(table(-1));

    @Test
    void aFileIsLostWhereAllItsCopiesLackTheSameByte() {
        assertThat(damaged.areNone()).isTrue();
        damaged.add(FIRST, TAIL, List.of(0, 10, 100, 200));
        assertThat(damaged.areNone()).isFalse();
        assertThat(damaged.concern(SEGMENT)).as("the other copy is whole").isFalse();
        damaged.add(SECOND, TAIL, List.of(10, 100, 200, 500));
        assertThat(damaged.concern(SEGMENT)).as("one has what the other lacks").isFalse();
        damaged.add(SECOND, TAIL, List.of(199, 200));
        assertThat(damaged.concern(SEGMENT)).isTrue();
        assertThat(damaged.concern(new Segment(new BlobId(78), 2_500, TRACT, 2, false)))
                .as("another blob")
                .isFalse();
    }

    @Test
    void bytesBeyondTheEndOfAFileAreNotMissed() {
        damaged.add(FIRST, TAIL, List.of(500, 700));
        damaged.add(SECOND, TAIL, List.of(500, 700));
        assertThat(damaged.concern(SEGMENT)).isFalse();
        assertThat(damaged.concern(new Segment(BLOB, 2_501, TRACT, 2, false))).isTrue();
        assertThat(damaged.concern(new Segment(BLOB, 1_999, TRACT, 2, false))).isFalse();
    }

    @Test
    void onlyCopiesOfTheFilesClassCount() {
        damaged.add(FIRST, TAIL, List.of(0, 10));
        assertThat(damaged.concern(new Segment(BLOB, 2_500, TRACT, 1, false))).isTrue();
        assertThat(damaged.concern(new Segment(BLOB, 2_500, TRACT, 9, false))).isFalse();
    }

    @Test
    void aFileIsLostWhereNoHolderOfOneOfItsRowsIsThere() {
        for (int frozen = 0; frozen < ROWS; frozen++) {
            DamagedTracts lost = new DamagedTracts(table(frozen));
            assertThat(lost.areNone()).isFalse();
            assertThat(lost.concern(new Segment(BLOB, (long) ROWS * TRACT, TRACT, 2, false)))
                    .isTrue();
            assertThat(lost.concern(new Segment(BLOB, 0, TRACT, 2, false))).isFalse();
            assertThat(lost.concern(new Segment(BLOB, (long) ROWS * TRACT, TRACT, 1, false)))
                    .as("another class")
                    .isFalse();
        }
    }
}
