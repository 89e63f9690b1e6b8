package io.tractfs.metadata.server;

import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.TableHistory;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the assignment loop shows to everybody else. Immutable, but for the stores: the loop adds to them.
 *
 * @param epoch of the leadership
 * @param lineage of the leadership
 * @param table the tract table
 * @param stores stores that have registered with this leader, so far; safe to read from any thread
 */
record LeaderView(Epoch epoch, Lineage lineage, TableHistory table, Map<StoreId, StoreInfo> stores) {
    /** Hides that the map can be changed. */
    LeaderView {
        stores = Collections.unmodifiableMap(stores);
    }

    /** Where a store is reached under just this incarnation; null if it is not known. */
    @Nullable
    StoreInfo store(StoreRef ref) {
        @Nullable StoreInfo info = stores.get(ref.store());
        return info != null && info.ref().equals(ref) ? info : null;
    }
}
