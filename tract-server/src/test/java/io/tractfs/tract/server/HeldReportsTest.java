package io.tractfs.tract.server;

import static io.tractfs.tract.gate.GateFixture.A;
import static io.tractfs.tract.gate.GateFixture.ALL;
import static io.tractfs.tract.gate.GateFixture.B;
import static io.tractfs.tract.gate.GateFixture.C;
import static io.tractfs.tract.gate.GateFixture.held;
import static io.tractfs.tract.gate.GateFixture.row;
import static io.tractfs.tract.gate.GateFixture.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.tract.server.HeldReports.Batch;
import io.tractfs.tract.store.RowLedger.HeldRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldReportsTest {
    private static final HeldRow OLD = held(row(version(1, 5), A, B, C), ALL);
    private static final HeldRow NEW = held(row(version(1, 6), A, B, C), new ClassSet(4));

    private final HeldReports reports = new HeldReports();

    @Test
    void keepsTheNewestVersionOfARow() {
        reports.add(A, NEW);
        reports.add(A, OLD);

        assertThat(reports.take()).contains(new Batch(A, List.of(NEW)));
        assertThat(reports.take()).isEmpty();
    }

    @Test
    void doesNotPutAnOldStateBackOverANewerOne() {
        reports.add(A, OLD);
        Batch failed = reports.take().orElseThrow();
        reports.add(A, NEW);

        reports.putBack(failed);

        assertThat(reports.take()).contains(new Batch(A, List.of(NEW)));
    }

    @Test
    void givesBatchesOfLimitedSize() {
        for (int index = 0; index < 1500; index++) {
            reports.add(A, held(new Row(index, version(1, 5), OLD.row().columns(), List.of()), ALL));
        }

        assertThat(reports.take().orElseThrow().rows()).hasSize(1024);
        assertThat(reports.take().orElseThrow().rows()).hasSize(476);
    }
}
