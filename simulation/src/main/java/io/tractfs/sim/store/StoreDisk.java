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
import java.util.HashSet;
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
    private static final long LEASE = 1_000;

    private final StoreId id;
    private final int rowCount;
    private InMemoryTractStorage tracts;
    private InMemoryRowLedger ledger = new InMemoryRowLedger();
    private final Map<Integer, HeldRow> rows = new TreeMap<>();
    private final Witness witness;
    private final Set<Rule> off;
    /** Tracts that were begun since the last power loss. */
    private final Set<TractId> young = new HashSet<>();

    private Incarnation incarnation = Incarnation.NONE;
    private Incarnation uncleanThrough = Incarnation.NONE;
    /** The last start that the register has. */
    private Incarnation registered = Incarnation.NONE;

    private WriteNumbers numbers = new WriteNumbers(0, 0, 0);

    /**
     * The write sequence as the superblock keeps it: a start goes on where the lease of the one before it ended (P7). Immutable.
     *
     * @param start where the present start began
     * @param written what the storage had counted then
     * @param leasedTo how far the present start may count before it says so durably
     */
    private record WriteNumbers(long start, long written, long leasedTo) {}

    /** Everything that is on a disk at one moment. Immutable as long as nobody touches what it refers to. */
    public record Image(
            InMemoryTractStorage tracts,
            InMemoryRowLedger ledger,
            Map<Integer, HeldRow> rows,
            Incarnation incarnation,
            Incarnation uncleanThrough,
            long leasedTo) {}

    /** Sees what a disk does. */
    public interface Witness {
        /**
         * Rows are on disk.
         *
         * @param merging whether it is an unclean copy that is used, and was not compared with the others yet (P7)
         */
        void persisted(StoreDisk disk, HeldRow row, boolean merging);

        /** An unclean copy of a row was compared with the others (P7). */
        void merged(StoreDisk disk, int row);

        /** A tract has other contents than before. */
        void changed(StoreDisk disk, TractState before, TractState after);

        /** A tract was fetched though the store knows that its blob was deleted. */
        void revived(StoreDisk disk, TractId tract);

        /** Bytes of a tract are wrong on some disk. */
        void damaged(TractId tract);

        /** The disk lost part of what was not synced. */
        void lostPower(StoreDisk disk);

        /** The disk has other contents than a moment ago: those of an old copy. */
        void replaced(StoreDisk disk);
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
    void raiseIncarnation(long wallMs) {
        incarnation = incarnation.following(wallMs);
        long written = tracts.space().writeSequence();
        numbers = new WriteNumbers(numbers.leasedTo(), written, numbers.leasedTo() + LEASE);
    }

    /** Count of writes, which grows over starts (P7). */
    long writeSequence() {
        long value = numbers.start() + tracts.space().writeSequence() - numbers.written();
        if (value > numbers.leasedTo()) {
            numbers = new WriteNumbers(numbers.start(), numbers.written(), value + LEASE);
        }
        return value;
    }

    /** The register has this start. */
    void registered(Incarnation start) {
        registered = start;
    }

    /** It has been seen further than it is: nothing that it holds counts before a plan has judged it (P7). */
    void lostWrites(long seen) {
        uncleanThrough = incarnation;
        numbers = new WriteNumbers(seen + 1, tracts.space().writeSequence(), seen + LEASE);
    }

    /** What is on it now. */
    public Image image() {
        return new Image(
                tracts.copy(),
                ledger.copy(),
                Map.copyOf(rows),
                incarnation,
                uncleanThrough,
                Math.max(writeSequence(), numbers.leasedTo()));
    }

    /** Whether the register has a start of the store that an image does not know of, so that it tells that image for old. */
    public boolean isTold(Image image) {
        return registered.compareTo(image.incarnation()) > 0;
    }

    /** Puts what was on it back, in place of what is. The process must not run. */
    public void restore(Image image) {
        tracts = image.tracts().copy();
        ledger = image.ledger().copy();
        rows.clear();
        rows.putAll(image.rows());
        incarnation = image.incarnation();
        uncleanThrough = image.uncleanThrough();
        numbers = new WriteNumbers(0, 0, image.leasedTo());
    }

    /** An old copy takes its place. The process must not run. */
    public void revert(Image image) {
        restore(image);
        witness.replaced(this);
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
        Map<TractId, Integer> before = lengths();
        tracts.losePower(random);
        if (off.contains(Rule.SYNCED_TAILS_KEEP_THEIR_CHECKSUM)) {
            before.forEach(this::loseLastChunk);
        }
        if (off.contains(Rule.DIRECTORIES_ARE_SYNCED)) {
            before.keySet().stream()
                    .filter(tract -> young.contains(tract) && random.nextBoolean())
                    .forEach(tract -> remove(List.of(tract)));
        }
        witness.lostPower(this);
    }

    private Map<TractId, Integer> lengths() {
        Map<TractId, Integer> lengths = new TreeMap<>();
        for (int row = 0; row < rowCount; row++) {
            for (TractState state : listed(row)) {
                lengths.put(state.tract(), state.length());
            }
        }
        return lengths;
    }

    private List<TractState> listed(int row) {
        try {
            return tracts.failure().isPresent() ? List.of() : tracts.list(row, null, Integer.MAX_VALUE);
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the rule P26 prevents: the checksum of the last chunk is that of bytes which are gone. */
    private void loseLastChunk(TractId tract, int before) {
        int after = tracts.peek(tract).map(TractState::length).orElse(0);
        if (after < before) {
            remove(List.of(tract));
        }
    }

    private void remove(List<TractId> lost) {
        try {
            tracts.inventory().remove(lost);
        } catch (TractException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops a tract because somebody says that it is damaged, which the rule P28 forbids. */
    void forget(TractId tract) {
        remove(List.of(tract));
    }

    /** Power was lost, though nothing that was on it: nobody knows that. */
    public void becomeUnclean() {
        uncleanThrough = incarnation;
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

    void persist(Collection<HeldRow> changed, Set<Integer> merging) throws TractException {
        ledger.persist(changed);
        for (HeldRow row : changed) {
            rows.put(row.row().index(), row);
            witness.persisted(this, row, merging.contains(row.row().index()));
        }
    }

    void merged(int row) {
        witness.merged(this, row);
    }

    TractState write(TractStorage.TractWrite write) throws TractException {
        Optional<TractState> before = tracts.state(write.tract());
        if (before.isEmpty()) {
            young.add(write.tract());
        }
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

    void revived(TractId tract) {
        witness.revived(this, tract);
    }

    void removeRow(int row) throws TractException {
        tracts.removeRow(row);
    }

    @Override
    public String toString() {
        return "store-" + id.value().getLeastSignificantBits();
    }
}
