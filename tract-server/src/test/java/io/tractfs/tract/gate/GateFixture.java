package io.tractfs.tract.gate;

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
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Names for the scripts: stores A to F, leaders 1 to 3, rows of three columns. */
public final class GateFixture {
    public static final StoreRef A = store(1, 1);
    public static final StoreRef B = store(2, 1);
    public static final StoreRef C = store(3, 1);
    public static final StoreRef D = store(4, 1);
    public static final StoreRef E = store(5, 1);
    public static final ClassSet ALL = new ClassSet(7);
    public static final LeaderPoint NOBODY = new LeaderPoint(Epoch.NONE, new Lineage(new UUID(0, 0)), 0);
    public static final int ROW = 5;

    private GateFixture() {}

    public static StoreRef store(int number, int incarnation) {
        return new StoreRef(new StoreId(new UUID(0, number)), new Incarnation(incarnation));
    }

    public static LeaderPoint leader(int epoch) {
        return new LeaderPoint(new Epoch(epoch), new Lineage(new UUID(7, epoch)), 10);
    }

    public static RowVersion version(int epoch, int counter) {
        return RowVersion.of(new Epoch(epoch), counter);
    }

    /** A member that holds all of its column. */
    public static Member inSync(StoreRef ref, int column) {
        return new Member(ref, ClassSet.ofColumn(column, 3));
    }

    /** A member that holds nothing. */
    public static Member recovering(StoreRef ref) {
        return new Member(ref, ClassSet.EMPTY);
    }

    public static Row row(RowVersion version, @Nullable Member... members) {
        return new Row(ROW, version, Columns.of(members), List.of());
    }

    /** A row whose members all hold their columns. */
    public static Row row(RowVersion version, StoreRef first, StoreRef second, StoreRef third) {
        return row(version, inSync(first, 0), inSync(second, 1), inSync(third, 2));
    }

    public static HeldRow held(Row row, ClassSet held) {
        return new HeldRow(row, held, true);
    }

    /** A store that has granted a leader and holds one published row whole. */
    public static StoreRows holding(StoreRef self, int epoch, Row row) {
        ClassSet own = ClassSet.ofColumn(row.columnOf(self.store()), 3);
        return new StoreRows(self, Incarnation.NONE, leader(epoch), Map.of(ROW, held(row, own)));
    }
}
