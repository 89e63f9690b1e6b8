package io.tractfs.metadata.assignment;

import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows rows to clients and tells stores about them. A row without any living holder is shown with its last holders as
 * waiting, though its membership and version stay (A1), so that writers go round it. Confined to the assignment loop.
 */
final class Publisher {
    private final StoreTable stores;
    private final RowTable rows;
    private final Outbox outbox;
    private final Set<Integer> changed = new LinkedHashSet<>();
    private final Set<Integer> withoutHolder = new LinkedHashSet<>();
    private boolean emptiesAllowed;

    Publisher(StoreTable stores, RowTable rows, Outbox outbox) {
        this.stores = stores;
        this.rows = rows;
        this.outbox = outbox;
    }

    /** A row has a new membership, or the state of a member changed: clients and members hear of it. */
    void publish(RowState row) {
        withoutHolder.remove(row.index());
        show(row);
        Row published = row.base();
        for (int column = 0; column < published.columns().count(); column++) {
            @Nullable Member member = published.columns().at(column);
            if (member != null && isUsable(member)) {
                outbox.publish(member.ref(), row.index());
            }
        }
        orderEmpties(row);
    }

    /** A member that has just claimed hears of the row again: the last leader may have died before it could say so. */
    void publishTo(StoreEntry entry, RowState row) {
        if (row.isUp() && row.base().columnOf(entry.store) >= 0) {
            outbox.publish(entry.ref, row.index());
        }
    }

    /** Clients hear of the row. */
    void show(RowState row) {
        changed.add(row.index());
    }

    /** A row that a plan could not help: nobody alive holds any class of it, or it is as it should be. */
    void showUnplanned(RowState row) {
        boolean without = row.isUp() && !isServed(row);
        if (without ? withoutHolder.add(row.index()) : withoutHolder.remove(row.index())) {
            show(row);
        }
    }

    /** Looks again at the rows that had no living holder. */
    void recheck() {
        List.copyOf(withoutHolder).forEach(index -> showUnplanned(rows.at(index)));
    }

    /** Whether stores may be told to empty rows: not while columns are still being dealt out, which may use the data. */
    void allowEmpties(boolean allowed) {
        emptiesAllowed = allowed;
    }

    /**
     * Stores with data of a row that they are no members of empty it once all its columns are in sync (P15), and a version is
     * published that is above all that they may hold: they refuse an older one.
     */
    void orderEmpties(RowState row) {
        if (!emptiesAllowed || !row.isUp() || row.plan() != null || row.isSuperseded() || !isWhole(row.base())) {
            return;
        }
        for (HeldCopy copy : row.copies()) {
            if (row.base().columnOf(copy.ref().store()) < 0) {
                outbox.empty(copy.ref(), row.index(), row.floor());
            }
        }
    }

    void flush(Consumer<Effect> effects) {
        if (changed.isEmpty()) {
            return;
        }
        List<Row> shown = new ArrayList<>(changed.size());
        for (int index : changed) {
            RowState row = rows.at(index);
            if (row.isUp()) {
                shown.add(withoutHolder.contains(index) ? frozen(row.base()) : row.base());
            }
        }
        changed.clear();
        effects.accept(new Effect.PublishRows(shown));
    }

    private static boolean isWhole(Row row) {
        for (int column = 0; column < row.columns().count(); column++) {
            if (!row.isInSync(column)) {
                return false;
            }
        }
        return row.waiting().isEmpty();
    }

    /** Whether somebody alive is trusted: those who merge their copies are as long as all of them are there (P7). */
    private boolean isServed(RowState row) {
        boolean all = true;
        boolean any = false;
        boolean merging = row.isMerging();
        for (int column = 0; column < row.base().columns().count(); column++) {
            @Nullable Member member = row.base().columns().at(column);
            if (member != null) {
                boolean usable = isUsable(member);
                all &= usable;
                any |= usable;
            }
        }
        return merging ? all && any : any;
    }

    private boolean isUsable(Member member) {
        @Nullable StoreEntry entry = stores.current(member.ref());
        return entry != null && entry.isUsable();
    }

    private static Row frozen(Row row) {
        List<Waiting> waiting = new ArrayList<>(row.waiting());
        for (int column = 0; column < row.columns().count(); column++) {
            @Nullable Member member = row.columns().at(column);
            if (member != null && !member.held().equals(ClassSet.EMPTY)) {
                waiting.add(new Waiting(member.ref().store(), row.version(), member.held()));
            }
        }
        return new Row(row.index(), row.version(), row.columns(), waiting);
    }
}
