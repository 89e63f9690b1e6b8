package io.tractfs.sim.store;

import io.tractfs.checksum.ChunkChecksums;
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
    private static final long CAPACITY = 1L << 40;
    private static final int WRONG_EVERY = 7;

    private final StoreId id;
    private final int rowCount;
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

        /** Bytes of a tract are wrong on some disk. */
        void damaged(TractId tract);

        /** The disk lost part of what was not synced. */
        void lostPower(StoreDisk disk);
    }

    /** An empty disk. */
    public StoreDisk(StoreId id, int rowCount, Witness witness, Set<Rule> off) {
        this.id = id;
        this.rowCount = rowCount;
        this.tracts = new InMemoryTractStorage(rowCount, CAPACITY);
        this.witness = witness;
        this.off = off;
    }

    /** The store. */
    public StoreId id() {
        return id;
    }

    int rowCount() {
        return rowCount;
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

    /** Bytes of a tract change on the disk, without anybody's knowing: one bit, or a chunk that was meant for another place. */
    public void damage(TractId tract, int offset, boolean wholeChunk) {
        int chunk = offset / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE;
        witness.damaged(tract);
        if (!wholeChunk) {
            tracts.flipBit(tract, offset);
            return;
        }
        for (int at = chunk; at < chunk + ChunkChecksums.CHUNK_SIZE; at += WRONG_EVERY) {
            tracts.flipBit(tract, at);
        }
    }

    /** Every write and sync fails from now on. */
    public void fail() {
        tracts.fail("the disk failed");
    }

    /** Whether it does not work at all. */
    public boolean hasFailed() {
        return tracts.failure().isPresent();
    }

    /** No more bytes fit on the disk. */
    public void fill() {
        tracts.resize(tracts.space().used());
    }

    /** Whatever was wrong with the disk, but for its bytes, is repaired. */
    public void repair() {
        tracts.repair();
        tracts.resize(CAPACITY);
    }

    /** Bytes as they are on the disk, as far as there are any. */
    public byte[] bytes(TractId tract, int from, int to) {
        return tracts.peek(tract, from, to);
    }

    /** Rows as they are on disk. */
    public Map<Integer, HeldRow> rows() {
        return rows;
    }

    /** State of a tract, for the checkers. */
    public Optional<TractState> state(TractId tract) {
        return tracts.peek(tract);
    }

    /** Blobs of which there is anything, for the checkers. */
    public List<BlobId> blobs() {
        try {
            return tracts.failure().isPresent() ? List.of() : tracts.blobs(null, Integer.MAX_VALUE);
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
