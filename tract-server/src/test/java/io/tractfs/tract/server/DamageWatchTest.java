package io.tractfs.tract.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.server.DamageWatch.Damage;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DamageWatchTest {
    private static final int ROWS = 16;

    private final TractId tract = new TractId(new BlobId(7), 3);
    private final int row = RowHash.rowOf(tract, ROWS);
    private final InMemoryTractStorage tracts = new InMemoryTractStorage(ROWS, 1 << 20);
    private final List<Integer> healed = new ArrayList<>();
    private final DamageWatch watch =
            new DamageWatch(new StoreRef(new StoreId(new UUID(0, 1)), new Incarnation(1)), tracts, healed::add);

    @Test
    void hasARowRepairedAtOnceAndThenLessAndLessOften() throws TractException {
        damage();
        watch.step(ROWS, 1000);
        watch.step(ROWS, 2999);
        assertThat(healed).containsExactly(row);
        watch.step(ROWS, 3000);
        assertThat(healed).hasSize(2);
        watch.step(ROWS, 6999);
        assertThat(healed).hasSize(2);
        watch.step(ROWS, 7000);
        assertThat(healed).hasSize(3);
        assertThat(watch.damage()).isEqualTo(new Damage(1, 512));
    }

    @Test
    void saysNothingOfAStoreThatIsSound() throws TractException {
        write();
        watch.step(ROWS, 1000);
        assertThat(healed).isEmpty();
        assertThat(watch.damage()).isEqualTo(Damage.NONE);
    }

    @Test
    void forgetsDamageThatIsGone() throws TractException {
        damage();
        watch.step(ROWS, 1000);
        tracts.remove(tract.blob());
        watch.step(ROWS, 2000);
        assertThat(watch.damage()).isEqualTo(Damage.NONE);
    }

    private void damage() throws TractException {
        write();
        tracts.flipBit(tract, 700);
        tracts.verify(tract);
    }

    private void write() throws TractException {
        ByteBuffer data = ByteBuffer.wrap(new byte[2000]);
        tracts.write(new TractWrite(
                tract,
                row,
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
    }
}
