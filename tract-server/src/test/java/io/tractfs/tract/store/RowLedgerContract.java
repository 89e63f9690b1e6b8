package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.Waiting;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every ledger promises. */
abstract class RowLedgerContract {
    /** A ledger that is empty. */
    abstract RowLedger ledger();

    /** The same ledger after its process was killed. */
    abstract RowLedger reopened() throws IOException;

    @Test
    void startsEmpty() throws IOException {
        assertThat(ledger().load()).isEmpty();
        assertThat(ledger().leaderPoint()).isEqualTo(new LeaderPoint(Epoch.NONE, new Lineage(new UUID(0, 0)), 0));
        assertThat(ledger().garbageCursor()).isZero();
        assertThat(ledger().tombstones(3)).isEmpty();
    }

    @Test
    void keepsRowsWithVacanciesAndWaitingStores() throws IOException {
        HeldRow full = held(5, 77);
        HeldRow empty = new HeldRow(Row.unassigned(6, 3), ClassSet.EMPTY, false);
        ledger().persist(List.of(full, empty));
        assertThat(reopened().load()).containsOnlyKeys(5, 6).containsValues(full, empty);
    }

    @Test
    void replacesRows() throws IOException {
        ledger().persist(List.of(held(5, 77), held(6, 77)));
        ledger().persist(List.of(held(5, 78)));
        assertThat(reopened().load()).containsEntry(5, held(5, 78)).containsEntry(6, held(6, 77));
    }

    @Test
    void loadsMoreRowsThanFitAPage() throws IOException {
        List<HeldRow> rows = new ArrayList<>();
        for (int row = 0; row < 3000; row++) {
            rows.add(held(row, row + 1));
        }
        ledger().persist(rows);
        assertThat(reopened().load()).hasSize(3000).containsEntry(2999, held(2999, 3000));
    }

    @Test
    void keepsLeaderPointAndCursor() throws IOException {
        LeaderPoint point = new LeaderPoint(new Epoch(4), new Lineage(new UUID(5, 6)), 700);
        ledger().persist(point);
        ledger().persistGarbageCursor(12);
        RowLedger after = reopened();
        assertThat(after.leaderPoint()).isEqualTo(point);
        assertThat(after.garbageCursor()).isEqualTo(12);
    }

    @Test
    void keepsTombstonesByRowUntilTheyAreCleared() throws IOException {
        ledger().addTombstones(1, List.of(new BlobId(9), new BlobId(7)));
        ledger().addTombstones(1, List.of(new BlobId(8)));
        ledger().addTombstones(2, List.of(new BlobId(9)));
        ledger().clearTombstones(2);
        ledger().clearTombstones(3);
        RowLedger after = reopened();
        assertThat(after.tombstones(1)).containsExactly(new BlobId(7), new BlobId(8), new BlobId(9));
        assertThat(after.tombstones(2)).isEmpty();
    }

    private static HeldRow held(int row, long version) {
        Member member =
                new Member(new StoreRef(new StoreId(new UUID(1, row)), new Incarnation(3)), ClassSet.ofColumn(0, 3));
        Columns columns = Columns.of(member, null, member);
        Waiting waiting = new Waiting(new StoreId(new UUID(2, 2)), new RowVersion(4), new ClassSet(4));
        return new HeldRow(
                new Row(row, new RowVersion(version), columns, List.of(waiting)), new ClassSet(5), row % 2 == 0);
    }
}
