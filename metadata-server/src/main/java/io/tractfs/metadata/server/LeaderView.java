package io.tractfs.metadata.server;

import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.TableHistory;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the assignment loop shows to everybody else. Immutable, but for the stores: the loop adds to them.
 *
 * @param epoch of the leadership
 * @param lineage of the leadership
 * @param table the tract table
 * @param stores stores that have registered with this leader, so far; safe to read from any thread
 * @param removed those that this leader has removed from the register since; safe to read from any thread
 */
record LeaderView(
        Epoch epoch, Lineage lineage, TableHistory table, Map<StoreId, StoreInfo> stores, Set<StoreId> removed) {
    /** Hides that the collections can be changed. */
    LeaderView {
        stores = Collections.unmodifiableMap(stores);
        removed = Collections.unmodifiableSet(removed);
    }

    /**
     * Whether a sign of life of a store under just this incarnation counts. One that was removed while it was away has to
     * register again, so that it counts in the majority (P12) and hears where the garbage log begins (P32).
     */
    boolean isRegistered(StoreRef ref) {
        return store(ref) != null && !removed.contains(ref.store());
    }

    /** Where a store is reached under just this incarnation; null if it is not known. */
    @Nullable
    StoreInfo store(StoreRef ref) {
        @Nullable StoreInfo info = stores.get(ref.store());
        return info != null && info.ref().equals(ref) ? info : null;
    }
}
