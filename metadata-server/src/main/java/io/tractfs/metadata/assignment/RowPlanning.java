package io.tractfs.metadata.assignment;

import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.metadata.planning.DrainPlanner;
import io.tractfs.metadata.planning.GrowthPlanner;
import io.tractfs.metadata.planning.Load;
import io.tractfs.metadata.planning.PlacementPlanner;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.metadata.planning.Roster;
import io.tractfs.metadata.planning.RowCase;
import io.tractfs.table.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which rows get a new membership now. A row waits for stores that have still time to claim (P17) and for a plan
 * of it that is being committed; a plan that is only proposed is superseded as soon as one of its members is gone. Versions
 * are drawn from one counter of the epoch, so none is given out twice (I2). Confined to the assignment loop.
 */
final class RowPlanning {
    private final AssignmentConfig config;
    private final Epoch epoch;
    private final RowTable rows;
    private final StoreTable stores;
    private final CaseBuilder cases;
    private int versions;

    RowPlanning(AssignmentConfig config, Epoch epoch, RowTable rows, StoreTable stores, CaseBuilder cases) {
        this.config = config;
        this.epoch = epoch;
        this.rows = rows;
        this.stores = stores;
        this.cases = cases;
    }

    /** New memberships, and the rows that were looked at and get none. Immutable. */
    record Round(List<PlannedRow> planned, List<RowState> unplanned) {
        static final Round NOTHING = new Round(List.of(), List.of());
    }

    /** Plans the touched rows that need it. */
    Round plan(long now) {
        if (!stores.hasMajority()) {
            return Round.NOTHING;
        }
        BitSet touched = rows.takeTouched();
        if (touched.isEmpty()) {
            return Round.NOTHING;
        }
        cases.begin(now);
        BitSet chosen = choose(touched, now);
        if (chosen.isEmpty()) {
            return Round.NOTHING;
        }
        List<RowCase> toPlan = new ArrayList<>(chosen.cardinality());
        chosen.stream().forEach(index -> toPlan.add(cases.build(rows.at(index), now)));
        Roster roster = new Roster(stores.candidates());
        List<PlannedRow> planned =
                new PlacementPlanner(roster, config.columns()).plan(toPlan, loadWithout(chosen, roster), nextVersion());
        planned.forEach(planning -> chosen.clear(planning.row().index()));
        return new Round(planned, chosen.stream().mapToObj(rows::at).toList());
    }

    /** What the stores have in all rows but those that are planned. */
    private Load loadWithout(BitSet chosen, Roster roster) {
        if (!Load.countsPairs(roster)) {
            List<Row> planned =
                    chosen.stream().mapToObj(index -> rows.at(index).intended()).toList();
            return Load.of(roster, config.columns(), rows.counts()).without(planned);
        }
        Load load = new Load(roster, config.columns());
        for (int index = chosen.nextClearBit(0); index < rows.count(); index = chosen.nextClearBit(index + 1)) {
            load.add(rows.at(index).intended().columns());
        }
        return load;
    }

    /** What takes a look at all stores, at most once a round and only if some row depends on it. Not thread-safe. */
    private final class AllStores {
        private final long now;
        private @Nullable Boolean settled;
        private @Nullable Integer takers;

        AllStores(long now) {
            this.now = now;
        }

        boolean isSettled() {
            if (settled == null) {
                settled = stores.isSettled(config.expectedStores(), now);
            }
            return settled;
        }

        int takers() {
            if (takers == null) {
                takers = stores.takers();
            }
            return takers;
        }
    }

    private BitSet choose(BitSet touched, long now) {
        AllStores all = new AllStores(now);
        BitSet chosen = new BitSet(rows.count());
        for (int index = touched.nextSetBit(0); index >= 0; index = touched.nextSetBit(index + 1)) {
            RowState row = rows.at(index);
            @Nullable PlanInFlight plan = row.plan();
            boolean empty = row.floor().equals(RowVersion.NONE) && plan == null;
            if (plan != null && (plan.isCommitting() || cases.isAlive(row, plan, now))) {
                continue; // Looked at again when it is published or one of its members is gone.
            }
            if (empty && !all.isSettled()) {
                rows.touchLater(index);
            } else if (!cases.awaitsClaims(row, now) && cases.needsPlan(row, all::takers)) {
                // One that awaits claims is looked at again when the store has claimed, or its time is over.
                chosen.set(index);
            }
        }
        return chosen;
    }

    /**
     * Moves columns to stores that have less than their share, once everything that can be brought up to date is.
     *
     * @return rows to propose, empty if the load is even; null while the table is not settled
     */
    @Nullable
    List<Row> grow() {
        List<Row> table = new ArrayList<>(rows.count());
        for (int index = 0; index < rows.count(); index++) {
            RowState row = rows.at(index);
            if (row.plan() != null || PlanInFlight.isRecovering(row.base()) || row.isMerging()) {
                return null;
            }
            table.add(row.isUp() ? row.base() : Row.unassigned(index, config.columns()));
        }
        Roster roster = new Roster(stores.candidates());
        int limit = Math.max(1, rows.count() / GROWTH_STEPS);
        List<Row> drained = new DrainPlanner(roster, config.columns()).plan(table, limit, nextVersion());
        return !drained.isEmpty()
                ? drained
                : new GrowthPlanner(roster, config.columns())
                        .plan(table, (row, store) -> rows.at(row.index()).copyOf(store) != null, limit, nextVersion());
    }

    /** Growth goes on in steps of this part of the table, so that few rows are short of a member at a time. */
    private static final int GROWTH_STEPS = 32;

    /** Whether a version can have been given out: by an older leadership, or by this one up to now. */
    boolean mayExist(RowVersion version) {
        return !version.isAfter(RowVersion.of(epoch, versions));
    }

    private RowVersion nextVersion() {
        versions++;
        return RowVersion.of(epoch, versions);
    }
}
