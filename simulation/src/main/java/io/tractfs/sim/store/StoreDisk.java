package io.tractfs.sim.store;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Incarnation;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.sim.protocol.StoreService;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.tract.store.memory.InMemoryRowLedger;
import io.tractfs.tract.store.memory.InMemoryTractStorage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What outlives a store's process: tracts, rows, incarnation, and whether the last power loss has been judged. The
 * checkers look into it and are told of what changes. Not thread-safe.
 */
public final class StoreDisk {
    private final StoreId id;
    private final InMemoryTractStorage tracts;
    private final RowLedger ledger = new InMemoryRowLedger();
    private final Map<Integer, HeldRow> rows = new TreeMap<>();
    private final Witness witness;
    private final Set<Rule> off;
    private Incarnation incarnation = Incarnation.NONE;
    private Incarnation uncleanThrough = Incarnation.NONE;

    /** Sees what a disk does. */
    public interface Witness {
        /** Rows are on disk. */
        void persisted(StoreDisk disk, HeldRow row);

        /** A tract has other contents than before. */
        void changed(StoreDisk disk, TractState before, TractState after);

        /** The disk lost part of what was not synced. */
        void lostPower(StoreDisk disk);
    }

    /** An empty disk. */
    public StoreDisk(StoreId id, int rowCount, Witness witness, Set<Rule> off) {
        this.id = id;
        this.tracts = new InMemoryTractStorage(rowCount, Long.MAX_VALUE / 2);
        this.witness = witness;
        this.off = off;
    }

    /** The store. */
    public StoreId id() {
        return id;
    }

    /** The store in its present incarnation. */
    public StoreRef ref() {
        return new StoreRef(id, incarnation);
    }

    /** Raises the incarnation, durably (P6). */
    void raiseIncarnation() {
        incarnation = incarnation.next();
    }

    /** The start that a power loss ended, while a plan has yet to judge rows (P7). */
    Incarnation uncleanThrough() {
        return off.contains(Rule.UNCLEAN_STORES_SAY_SO) ? Incarnation.NONE : uncleanThrough;
    }

    /** Every row has been judged since. */
    void judged() {
        uncleanThrough = Incarnation.NONE;
    }

    /** Loses part of what was not synced. */
    public void losePower(Random random) {
        uncleanThrough = incarnation;
        tracts.losePower(random);
        witness.lostPower(this);
    }

    /** Rows as they are on disk. */
    public Map<Integer, HeldRow> rows() {
        return rows;
    }

    /** State of a tract, for the checkers. */
    public Optional<TractState> state(TractId tract) {
        try {
            return tracts.state(tract);
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Blobs of which there is anything, for the checkers. */
    public List<BlobId> blobs() {
        try {
            return tracts.blobs(null, Integer.MAX_VALUE);
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tracts; writes and reconcile go through the methods of this class. */
    public TractStorage tracts() {
        return tracts;
    }

    RowLedger ledger() {
        return ledger;
    }

    void persist(LeaderPoint point) throws TractException {
        ledger.persist(point);
    }

    void persist(Collection<HeldRow> changed) throws TractException {
        ledger.persist(changed);
        for (HeldRow row : changed) {
            rows.put(row.row().index(), row);
            witness.persisted(this, row);
        }
    }

    TractState write(TractStorage.TractWrite write) throws TractException {
        Optional<TractState> before = tracts.state(write.tract());
        TractState after = tracts.write(write);
        witness.changed(this, before.orElse(after), after);
        return after;
    }

    TractState fence(StoreService.Fence request) throws TractException {
        return tracts.fence(
                request.address().tract(), request.generation(), request.replication(), request.tractSize());
    }

    void cut(StoreService.Cut request) throws TractException {
        tracts.cut(request.address().tract(), request.generation(), request.length());
    }

    TractState reconcile(ReconciledBytes bytes) throws TractException {
        Optional<TractState> before = tracts.state(bytes.source().tract());
        if (off.contains(Rule.RECONCILE_KEEPS_NEWER_DATA)
                && before.isPresent()
                && before.get().length() > bytes.source().length()) {
            tracts.cut(
                    before.get().tract(),
                    before.get().generation(),
                    bytes.source().length());
        }
        TractState after = tracts.reconcile(bytes);
        witness.changed(this, before.orElse(after), after);
        return after;
    }

    void removeRow(int row) throws TractException {
        tracts.removeRow(row);
    }

    @Override
    public String toString() {
        return "store-" + id.value().getLeastSignificantBits();
    }
}
