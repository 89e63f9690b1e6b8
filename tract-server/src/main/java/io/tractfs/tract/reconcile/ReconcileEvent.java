package io.tractfs.tract.reconcile;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import java.util.List;
import java.util.Optional;

/** What happens to a session. Immutable. */
public sealed interface ReconcileEvent {
    /**
     * A page of the source's list arrived.
     *
     * @param source who sent it
     * @param tracts in order
     * @param more whether more follow
     * @param merging whether a power loss may have cut what the source has, so that other holders may have more (P7)
     */
    record Listed(StoreRef source, List<TractState> tracts, boolean more, boolean merging) implements ReconcileEvent {
        /** Copies the list. */
        public Listed {
            tracts = List.copyOf(tracts);
        }

        /** A page of a source that is whole. */
        public Listed(StoreRef source, List<TractState> tracts, boolean more) {
            this(source, tracts, more, false);
        }
    }

    /**
     * The source does not give its list.
     *
     * @param source who
     * @param code why
     */
    record ListRefused(StoreRef source, ErrorCode code) implements ReconcileEvent {}

    /**
     * The listed tracts were looked up here.
     *
     * @param source who listed them
     * @param pairs one per tract, in order
     */
    record LookedUp(StoreRef source, List<Pair> pairs) implements ReconcileEvent {
        /** Copies the list. */
        public LookedUp {
            pairs = List.copyOf(pairs);
        }
    }

    /**
     * A stretch was fetched, verified and handed to the storage, or did not have to be: the blob is deleted.
     *
     * @param stretch what was asked
     */
    record Fetched(Stretch stretch) implements ReconcileEvent {}

    /**
     * A stretch could not be had from a source.
     *
     * @param stretch what was asked
     * @param code why
     */
    record FetchRefused(Stretch stretch, ErrorCode code) implements ReconcileEvent {}

    /**
     * Bytes that nobody can give are recorded, or damage that is no part of the tract is dropped.
     *
     * @param stretch which
     */
    record Lost(Stretch stretch) implements ReconcileEvent {}

    /**
     * Everything fetched of a tract is on disk.
     *
     * @param tract the tract
     */
    record Sealed(TractId tract) implements ReconcileEvent {}

    /**
     * The store itself cannot go on (disk full, failed).
     *
     * @param code why
     */
    record Failed(ErrorCode code) implements ReconcileEvent {}

    /** The row got another version, or the store stops: the session is void (P11). */
    record Voided() implements ReconcileEvent {}

    /**
     * One tract here and there.
     *
     * @param remote as the source holds it
     * @param local as this store holds it; empty if it holds nothing
     * @param deleted whether the blob was deleted here meanwhile (tombstone)
     */
    record Pair(TractState remote, Optional<TractState> local, boolean deleted) {}
}
