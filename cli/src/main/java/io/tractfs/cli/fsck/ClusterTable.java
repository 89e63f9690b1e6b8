package io.tractfs.cli.fsck;

import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.Row;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows and stores of one moment. Immutable.
 *
 * @param rows all N, by index
 * @param stores where the stores are reached that have registered with the leader
 * @param names of every store that the leader has heard of, for people
 * @param states of every store that the leader has heard of, as {@code admin report} prints them
 * @param inodes files and directories in the whole namespace
 */
record ClusterTable(
        List<Row> rows,
        Map<StoreId, StoreInfo> stores,
        Map<StoreId, String> names,
        Map<StoreId, String> states,
        long inodes) {
    private static final Set<String> AWAY = Set.of("DEAD", "FAILED");

    private static final int ID_LENGTH = 8;

    /** Copies the collections. */
    ClusterTable {
        rows = List.copyOf(rows);
        stores = Map.copyOf(stores);
        names = Map.copyOf(names);
        states = Map.copyOf(states);
    }

    Row rowOf(TractId tract) {
        return rows.get(RowHash.rowOf(tract, rows.size()));
    }

    /** Where to ask a store; empty if the leader knows that it does not serve. */
    Optional<StoreInfo> reachable(StoreId store) {
        return AWAY.contains(states.getOrDefault(store, ""))
                ? Optional.empty()
                : Optional.ofNullable(stores.get(store));
    }

    /** Server and the beginning of the store's id, such as {@code tract-2/1f8a3c07}. */
    String name(StoreId store) {
        return names.getOrDefault(store, "?/" + store.toString().substring(0, ID_LENGTH));
    }
}
