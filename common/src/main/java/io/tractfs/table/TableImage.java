package io.tractfs.table;

import io.tractfs.id.ClusterId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tract table as readers share it. Immutable; a change makes a new image that shares the unchanged rows.
 *
 * @param cluster the cluster
 * @param sequence grows with every change within one epoch's leadership; a delta names the sequence it builds on
 * @param columns the number of columns k
 * @param stores every store that some row names, by id
 * @param rows the N rows, by index; N is a power of two
 */
public record TableImage(
        ClusterId cluster, TableSequence sequence, int columns, Map<StoreId, StoreInfo> stores, List<Row> rows) {
    /** Copies the collections (free of cost where they are immutable already). */
    public TableImage {
        stores = Map.copyOf(stores);
        rows = RowBlocks.of(rows);
        if (Integer.bitCount(rows.size()) != 1) {
            throw new IllegalArgumentException("The number of rows is a power of two, not " + rows.size());
        }
    }

    /** The row of a tract. */
    public Row rowOf(TractId tract) {
        return rows.get(RowHash.rowOf(tract, rows.size()));
    }

    /** Where to reach a store. */
    public Optional<StoreInfo> store(StoreId id) {
        return Optional.ofNullable(stores.get(id));
    }

    /** This image with some rows and all store descriptions replaced. */
    public TableImage with(TableSequence newSequence, Map<StoreId, StoreInfo> newStores, Collection<Row> changed) {
        return new TableImage(
                cluster, newSequence, columns, newStores, RowBlocks.of(rows).with(changed));
    }
}
