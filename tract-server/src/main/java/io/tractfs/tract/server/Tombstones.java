package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.tract.store.RowLedger;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs that were deleted while the store was recovering somewhere, so that no fetch revives them (I4). A blob may have
 * tracts in any row, so they are kept for the store as a whole, until it is in sync in all rows. Thread-safe.
 */
public final class Tombstones {
    /** Stands for every row in the ledger. */
    static final int ALL_ROWS = Integer.MAX_VALUE;

    /** Past it, deletes are left to the second pass over the log that follows recovery. */
    private static final int MOST = 1_000_000;

    private final RowLedger ledger;
    private final Set<BlobId> blobs = ConcurrentHashMap.newKeySet();

    /** The tombstones that the ledger has. */
    public Tombstones(RowLedger ledger) throws TractException {
        this.ledger = ledger;
        blobs.addAll(ledger.tombstones(ALL_ROWS));
    }

    /** Keeps blobs, durably, before their tracts are removed. */
    public void add(Collection<BlobId> deleted) throws TractException {
        if (blobs.size() < MOST) {
            ledger.addTombstones(ALL_ROWS, deleted);
            blobs.addAll(deleted);
        }
    }

    /** Whether a blob was deleted. */
    public boolean contains(BlobId blob) {
        return blobs.contains(blob);
    }

    /** Drops them: the store is in sync. */
    public void clear() throws TractException {
        if (!blobs.isEmpty()) {
            ledger.clearTombstones(ALL_ROWS);
            blobs.clear();
        }
    }
}
