package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrubberTest {
    private static final int ROWS = 16;
    private static final int LENGTH = 10_000;

    private final InMemoryTractStorage tracts = new InMemoryTractStorage(ROWS, 1 << 30);
    private final List<Integer> damaged = new ArrayList<>();
    private final Scrubber scrubber = new Scrubber(A, tracts, damaged::add, 1000);

    @Test
    void findsDamageInEveryRowOverTime() throws TractException {
        for (int index = 0; index < ROWS; index++) {
            tracts.flipBit(hold(index), 5000);
        }

        scrubber.step(ROWS, (long) ROWS * LENGTH, 0);

        assertThat(damaged).hasSize(ROWS).doesNotHaveDuplicates();
    }

    @Test
    void readsNoMoreThanItsShare() throws TractException {
        for (int index = 0; index < ROWS; index++) {
            tracts.flipBit(hold(index), 5000);
        }

        scrubber.step(ROWS, LENGTH + 1, 0);
        assertThat(damaged).hasSize(2);
        scrubber.step(ROWS, LENGTH, 0);
        assertThat(damaged).hasSize(3);
    }

    @Test
    void restsUntilTheNextRoundIsDue() throws TractException {
        tracts.flipBit(hold(1), 5000);
        scrubber.step(ROWS, ROWS * LENGTH, 0);
        scrubber.step(ROWS, ROWS * LENGTH, 999);
        assertThat(damaged).hasSize(1);

        scrubber.step(ROWS, ROWS * LENGTH, 1000);
        assertThat(damaged).hasSize(2);
    }

    @Test
    void endsItsStepThoughThereIsNothing() throws TractException {
        scrubber.step(ROWS, LENGTH, 0);

        assertThat(damaged).isEmpty();
    }

    private TractId hold(int index) throws TractException {
        TractId tract = new TractId(new BlobId(7), index);
        ByteBuffer data = ByteBuffer.wrap(new byte[LENGTH]);
        tracts.write(new TractWrite(
                tract,
                RowHash.rowOf(tract, ROWS),
                1,
                Generation.ZERO,
                0,
                Pieces.checksums(tract, 0, data),
                Unpooled.wrappedBuffer(data),
                1 << 20,
                3,
                0,
                false,
                false));
        return tract;
    }
}
