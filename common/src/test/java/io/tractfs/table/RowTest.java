package io.tractfs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowTest {
    private static final StoreId A = new StoreId(new UUID(0, 1));
    private static final StoreId B = new StoreId(new UUID(0, 2));

    @Test
    void classesOfAColumnAreItsOwnAndHigher() {
        assertThat(ClassSet.ofColumn(0, 3).bits()).isEqualTo(0b111);
        assertThat(ClassSet.ofColumn(1, 3).bits()).isEqualTo(0b110);
        assertThat(ClassSet.ofColumn(2, 3).bits()).isEqualTo(0b100);
        assertThat(ClassSet.ofColumn(7, 8).bits()).isEqualTo(0b1000_0000);
    }

    @Test
    void isInSyncOnlyWithAllClassesOfItsColumn() {
        Row row = row(new ClassSet(0b110), ClassSet.ofColumn(1, 3), List.of());
        assertThat(row.isInSync(0)).isFalse();
        assertThat(row.isInSync(1)).isTrue();
        assertThat(row.isInSync(2)).as("vacant").isFalse();
    }

    @Test
    void freezesTheClassesThatWaitForAStore() {
        Row row = row(ClassSet.EMPTY, ClassSet.EMPTY, List.of(new Waiting(B, RowVersion.NONE, new ClassSet(0b010))));
        assertThat(row.isFrozen(1)).isFalse();
        assertThat(row.isFrozen(2)).isTrue();
    }

    @Test
    void mapsReplicationToItsClass() {
        Row row = row(ClassSet.EMPTY, ClassSet.EMPTY, List.of());
        assertThat(row.classOf(0)).isEqualTo(1);
        assertThat(row.classOf(2)).isEqualTo(2);
        assertThat(row.classOf(10)).isEqualTo(3);
    }

    @Test
    void ordersVersionsByEpochThenCounterWithoutSign() {
        RowVersion old = RowVersion.of(new Epoch(3), -1);
        RowVersion newer = RowVersion.of(new Epoch(4), 0);
        assertThat(newer.isAfter(old)).isTrue();
        assertThat(RowVersion.of(new Epoch(3), Integer.MIN_VALUE).isAfter(RowVersion.of(new Epoch(3), 5)))
                .isTrue();
        assertThat(old).hasToString("3.4294967295");
    }

    @Test
    void refusesMoreColumnsThanTheLayoutAllows() {
        assertThatThrownBy(() -> Columns.vacant(9)).hasMessageContaining("1 to 8");
    }

    private static Row row(ClassSet first, ClassSet second, List<Waiting> waiting) {
        return new Row(
                7, RowVersion.of(new Epoch(1), 1), Columns.of(member(A, first), member(B, second), null), waiting);
    }

    private static Member member(StoreId store, ClassSet held) {
        return new Member(new StoreRef(store, new Incarnation(1)), held);
    }
}
