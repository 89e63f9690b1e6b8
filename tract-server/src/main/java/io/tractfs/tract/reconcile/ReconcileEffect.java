package io.tractfs.tract.reconcile;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session wants done. Each but the last two is answered by an event. Immutable. */
public sealed interface ReconcileEffect {
    /**
     * Ask a source for a page of its list.
     *
     * @param source whom
     * @param row index of the row
     * @param version the list must be taken under it
     * @param classes what is wanted
     * @param after tract after which to go on; null for the first page
     * @param limit most entries
     */
    record ListRow(
            StoreRef source,
            int row,
            RowVersion version,
            ClassSet classes,
            @Nullable TractId after,
            int limit) implements ReconcileEffect {}

    /**
     * Look tracts up in this store.
     *
     * @param source who listed them
     * @param tracts as the source holds them
     */
    record LookUp(StoreRef source, List<TractState> tracts) implements ReconcileEffect {
        /** Copies the list. */
        public LookUp {
            tracts = List.copyOf(tracts);
        }
    }

    /**
     * Fetch bytes, verify them and hand them to the storage.
     *
     * @param stretch which
     */
    record Fetch(Stretch stretch) implements ReconcileEffect {}

    /**
     * No source can give these bytes: record them as damaged, so that they are never taken for an end (P25).
     *
     * @param stretch which
     */
    record RecordLost(Stretch stretch) implements ReconcileEffect {}

    /**
     * Damage beyond the end that a sound holder of the class has is no part of the tract: drop it. Answered like
     * {@link RecordLost}.
     *
     * @param stretch which
     */
    record DropDamage(Stretch stretch) implements ReconcileEffect {}

    /**
     * Put everything of a tract on disk.
     *
     * @param tract which
     */
    record Seal(TractId tract) implements ReconcileEffect {}

    /**
     * Everything is on disk: persist the state, then report it with version and incarnation, in this order (P11).
     *
     * @param row index of the row
     * @param version under which it was reached
     * @param classes held whole now
     * @param lostBytes bytes that no source could give (P25)
     */
    record Complete(int row, RowVersion version, ClassSet classes, long lostBytes) implements ReconcileEffect {}

    /**
     * The session ends without a result; unless the version changed, it is tried again later.
     *
     * @param row index of the row
     * @param code why
     */
    record GiveUp(int row, ErrorCode code) implements ReconcileEffect {}
}
