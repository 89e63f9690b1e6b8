package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.D;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.gate.Admissions;
import io.tractfs.tract.gate.GateFixture;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.TractStorage.TractWrite;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RowEmptierTest {
    private static final int ROWS = 64;
    private static final RowVersion V7 = version(1, 7);

    private final InMemoryTractStorage tracts = new InMemoryTractStorage(ROWS, 1 << 30);
    private final Admissions admissions = new Admissions(A, List.of());
    private final Deque<Runnable> loop = new ArrayDeque<>();
    private boolean busy;
    private final RowEmptier emptier = new RowEmptier(A, tracts, admissions, task -> {
        if (busy) {
            throw new RejectedExecutionException();
        }
        loop.add(task);
    });

    @Test
    void emptiesRowsAFewAtATime() throws TractException {
        List<HeldRow> rows = new ArrayList<>();
        for (int index = 0; index < ROWS; index++) {
            rows.add(emptied(hold(index)));
        }

        emptier.empty(rows);
        loop.remove().run();
        assertThat(tracts.blobs(null, 100)).hasSize(1);
        assertThat(loop).hasSize(1);
        runAll();
        assertThat(tracts.blobs(null, 100)).isEmpty();
    }

    // A row that came back in the meantime keeps every byte.
    @Test
    void leavesARowAloneOfWhichTheStoreIsAMemberAgain() throws TractException {
        int row = hold(1);
        emptier.empty(List.of(emptied(row)));
        admissions.advance(held(row, version(1, 8), A, B, C), () -> {});

        runAll();

        assertThat(tracts.list(row, null, 10)).hasSize(1);
    }

    @Test
    void goesOnAfterTheLoopWasBusy() throws TractException {
        int row = hold(1);
        busy = true;
        emptier.empty(List.of(emptied(row)));
        busy = false;
        assertThat(loop).isEmpty();

        emptier.kick();
        runAll();

        assertThat(tracts.list(row, null, 10)).isEmpty();
    }

    private void runAll() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    private HeldRow emptied(int row) {
        HeldRow without = held(row, V7, B, C, D);
        admissions.advance(without, () -> {});
        return without;
    }

    private static HeldRow held(int row, RowVersion version, StoreRef first, StoreRef second, StoreRef third) {
        Columns columns = GateFixture.row(version, first, second, third).columns();
        ClassSet held = first.equals(A) ? ALL : ClassSet.EMPTY;
        return new HeldRow(new Row(row, version, columns, List.of()), held, true);
    }

    private int hold(int index) throws TractException {
        TractId tract = new TractId(new BlobId(7), index);
        int row = RowHash.rowOf(tract, ROWS);
        ByteBuffer data = ByteBuffer.wrap(new byte[10]);
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
        return row;
    }
}
