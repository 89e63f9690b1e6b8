package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.StoreRef;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowStateTest {
    private static final RowVersion FLOOR = RowVersion.of(new Epoch(1), 3);
    private static final RowVersion PROPOSED = RowVersion.of(new Epoch(1), 9);
    private static final StoreRef SPARE = new StoreRef(new StoreId(new UUID(0, 4)), new Incarnation(1));

    private final RowState row = new RowState(0, 3, FLOOR, changed -> {});

    // Found by the simulation with seed 13380: the store kept the row, and took itself for recovering ever after.
    @Test
    void aStoreThatHoldsANewerVersionDidNotEmptyTheRow() {
        row.setCopy(new HeldCopy(SPARE, PROPOSED, ClassSet.EMPTY, false));

        row.emptied(SPARE.store(), FLOOR);

        assertThat(row.copyOf(SPARE.store())).isNotNull();
    }

    @Test
    void aStoreThatWasToldUnderAVersionAboveItsOwnHasNothingLeft() {
        row.setCopy(new HeldCopy(SPARE, FLOOR, ClassSet.EMPTY, false));

        row.emptied(SPARE.store(), PROPOSED);

        assertThat(row.copyOf(SPARE.store())).isNull();
    }
}
