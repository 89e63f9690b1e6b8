package io.tractfs.metadata.assignment;

import io.tractfs.id.StoreId;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of the cluster as an administrator sees it. Immutable.
 *
 * @param granted whether the epoch was granted by more than half of the stores
 * @param counts rows by state
 * @param stores every store of the register
 * @param rows every row, if asked for
 */
public record ClusterView(boolean granted, RowCounts counts, List<StoreView> stores, List<Row> rows) {
    /** Nothing: this server does not lead. */
    static final ClusterView NONE = new ClusterView(false, new RowCounts(0, 0, 0, 0, 0, 0), List.of(), List.of());

    /**
     * Rows by state. Immutable.
     *
     * @param inSync every column that can be filled is, with every class that anybody holds, and no plan is under way
     * @param recovering some member is recovering
     * @param vacant some column is vacant
     * @param frozen some class is frozen
     * @param down no claim has brought them up yet
     * @param planned a new membership is on its way
     */
    public record RowCounts(int inSync, int recovering, int vacant, int frozen, int down, int planned) {}

    /**
     * One store. Immutable.
     *
     * @param info where it is reached; empty if it has not registered with this leader
     * @param columns it is a member of
     * @param columnsInSync of them in sync
     */
    public record StoreView(
            StoreRef ref,
            Optional<StoreInfo> info,
            String state,
            StoreSpace space,
            int columns,
            int columnsInSync,
            long silentMs,
            String failure,
            Drain drain) {}

    /** How far a store is with being emptied. */
    public enum Drain {
        /** Nobody wants it emptied. */
        NONE,
        /** It has rows, or rows that it gave away are not yet in sync. */
        DRAINING,
        /** It can be switched off without loss. */
        DRAINED
    }

    static ClusterView of(Leadership leader, boolean withRows, long nowNanos) {
        return new Survey(leader).view(withRows, nowNanos);
    }

    /** Counts. Not thread-safe. */
    private static final class Survey {
        private final Leadership leader;
        private final Map<StoreId, Integer> columns = new HashMap<>();
        private final Map<StoreId, Integer> inSync = new HashMap<>();
        private final Set<StoreId> named = new HashSet<>();
        private final List<Row> rows = new ArrayList<>();
        private final int fillable;
        private int syncRows;
        private int recoveringRows;
        private int vacantRows;
        private int frozenRows;
        private int downRows;
        private int plannedRows;

        Survey(Leadership leader) {
            this.leader = leader;
            this.fillable = leader.stores.takers();
        }

        ClusterView view(boolean withRows, long nowNanos) {
            for (int index = 0; index < leader.rows.count(); index++) {
                count(leader.rows.at(index));
                if (withRows) {
                    rows.add(leader.rows.at(index).base());
                }
            }
            List<StoreView> stores = new ArrayList<>();
            for (StoreEntry entry : leader.stores.all()) {
                stores.add(storeView(entry, nowNanos));
            }
            RowCounts counts = new RowCounts(syncRows, recoveringRows, vacantRows, frozenRows, downRows, plannedRows);
            return new ClusterView(leader.stores.hasMajority(), counts, stores, rows);
        }

        private void count(RowState state) {
            Row row = state.base();
            row.waiting().forEach(away -> named.add(away.store()));
            int members = 0;
            int synced = 0;
            for (int column = 0; column < row.columns().count(); column++) {
                @Nullable Member member = row.columns().at(column);
                if (member != null) {
                    members++;
                    columns.merge(member.ref().store(), 1, Integer::sum);
                    named.add(member.ref().store());
                    if (PlanInFlight.hasAllThatThereIs(row, column) && isUsable(member)) {
                        synced++;
                        inSync.merge(member.ref().store(), 1, Integer::sum);
                    }
                }
            }
            int wanted = Math.min(fillable, row.columns().count());
            boolean settled = state.isUp() && state.plan() == null;
            syncRows += settled && synced == members && members >= wanted ? 1 : 0;
            recoveringRows += synced < members ? 1 : 0;
            vacantRows += members < row.columns().count() ? 1 : 0;
            frozenRows += row.waiting().isEmpty() ? 0 : 1;
            downRows += state.isUp() ? 0 : 1;
            plannedRows += state.plan() == null ? 0 : 1;
        }

        private boolean isUsable(Member member) {
            @Nullable StoreEntry entry = leader.stores.current(member.ref());
            return entry != null && entry.isUsable();
        }

        private StoreView storeView(StoreEntry entry, long nowNanos) {
            return new StoreView(
                    entry.ref,
                    Optional.ofNullable(entry.info),
                    state(entry),
                    entry.space,
                    columns.getOrDefault(entry.store, 0),
                    inSync.getOrDefault(entry.store, 0),
                    entry.lastSeen == 0 ? 0 : Math.max(0, (nowNanos - entry.lastSeen) / 1_000_000),
                    entry.failure,
                    drain(entry));
        }

        /** Nothing names it, and everything that moved has arrived. */
        private ClusterView.Drain drain(StoreEntry entry) {
            if (!entry.draining) {
                return Drain.NONE;
            }
            boolean quiet = leader.stores.hasMajority() && downRows == 0 && plannedRows == 0 && recoveringRows == 0;
            return quiet && !named.contains(entry.store) ? Drain.DRAINED : Drain.DRAINING;
        }

        private static String state(StoreEntry entry) {
            return switch (entry.standing) {
                case ABSENT -> "STARTING";
                case LIVE ->
                    entry.leaving ? "LEAVING" : !entry.claimed ? "STARTING" : entry.suspected ? "SUSPECT" : "LIVE";
                case AWAY -> "LEAVING";
                case DEAD -> "DEAD";
                case FAILED -> "FAILED";
            };
        }
    }
}
