package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tracts as files, laid out as in {@link io.tractfs.tract.format.TractLayout}. A write costs a write of data, one of the
 * checksums of chunks that became whole, and one of a slot; bytes are not copied through the heap. Thread-safe; threads
 * that call it must not be interrupted, which would close files.
 */
public final class DiskTractStorage implements TractStorage {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private final StorageParts parts;
    private final StoreHealth health;
    private final TractCache cache;
    private final TractSync sync;
    private final TractRemoval removal;
    private final TractChanges changes;
    private final TractInventory inventory;

    DiskTractStorage(StorageParts parts) {
        this.parts = parts;
        this.health = parts.health();
        this.cache = parts.cache();
        this.sync = new TractSync(parts);
        this.removal = new TractRemoval(parts);
        this.changes = new TractChanges(parts, sync, removal);
        this.inventory = new DiskTractInventory(parts, sync, removal);
    }

    /** Work on the disk. */
    @FunctionalInterface
    private interface Work<R> {
        R run() throws IOException;
    }

    /** Does work unless the store has failed, which a failure of the disk makes it do. */
    private <R> R onDisk(Work<R> work) throws TractException {
        health.check();
        try {
            return work.run();
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public Optional<TractState> state(TractId tract) throws TractException {
        return onDisk(() -> stateOf(tract));
    }

    @Override
    public TractState write(TractWrite write) throws TractException {
        health.check();
        ByteBuffer data = write.data().nioBuffer();
        int[] crcs = Pieces.verify(write, data);
        parts.rows().check(write.tract(), write.row());
        return onDisk(() -> changes.write(write, data, crcs));
    }

    @Override
    public TractState reconcile(ReconciledBytes bytes) throws TractException {
        health.check();
        int[] crcs = Pieces.verify(bytes);
        parts.rows().check(bytes.source().tract(), bytes.row());
        return onDisk(() -> changes.reconcile(bytes, crcs));
    }

    @Override
    public TractState recordLost(TractState source, int row, int from, int to) throws TractException {
        health.check();
        parts.rows().check(source.tract(), row);
        return onDisk(() -> changes.recordLost(source, from, to));
    }

    @Override
    public TractState sync(TractId tract) throws TractException {
        return onDisk(() -> sync.sync(tract));
    }

    @Override
    public TractSlice read(TractId tract, int offset, int length) throws TractException {
        if (offset < 0 || length < 0) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "read of " + length + " bytes at " + offset);
        }
        return onDisk(() -> {
            TractSlice slice = cache.with(tract, entry -> TractReader.slice(entry.existing(), offset, length));
            cache.sweep();
            return slice;
        });
    }

    @Override
    public Optional<TractLocation> locate(TractId tract) throws TractException {
        return onDisk(() -> {
            Optional<Path> file = parts.finder().place(tract);
            Optional<TractLocation> location = cache.with(tract, entry -> TractReader.location(entry.existing(), file));
            cache.sweep();
            return location;
        });
    }

    @Override
    public TractState fence(TractId tract, Generation generation, int replication, int tractSize)
            throws TractException {
        return onDisk(() -> changes.fence(tract, generation, replication, tractSize));
    }

    @Override
    public TractState replicate(TractId tract, int replication, ReplicationChange step) throws TractException {
        return onDisk(() -> changes.replicate(tract, replication, step));
    }

    @Override
    public void trim(TractId tract, int number) throws TractException {
        onDisk(() -> {
            Optional<TractState> held = stateOf(tract);
            if (held.isPresent()) {
                if (held.get().isUnreadable()) {
                    throw new TractException(
                            ErrorCode.DAMAGED, "tract " + tract + ": nobody can say which change its copy has seen");
                }
                if (held.get().change().number() > number) {
                    throw new TractException(
                            ErrorCode.STALE_ORDER,
                            "tract " + tract + ": change " + number + " of the replication is over, the store has seen "
                                    + held.get().change().number());
                }
                removal.remove(List.of(tract));
            }
            return tract;
        });
    }

    @Override
    public TractState cut(TractId tract, Generation generation, int length) throws TractException {
        return onDisk(() -> changes.cut(tract, generation, length));
    }

    @Override
    public void acknowledge(TractId tract, long acknowledgedLength) throws TractException {
        onDisk(() -> {
            changes.acknowledge(tract, acknowledgedLength);
            return tract;
        });
    }

    @Override
    public List<TractState> list(int row, @Nullable TractId after, int limit) throws TractException {
        return onDisk(() -> {
            removal.lookForLostOnce();
            List<TractState> states = new ArrayList<>();
            for (TractId tract : ofRow(row)) {
                if (states.size() >= limit) {
                    break;
                }
                if (after == null || tract.compareTo(after) > 0) {
                    stateOf(tract).ifPresent(states::add);
                }
            }
            return states;
        });
    }

    /** Those that have a file, and those that are known to be lost. */
    private NavigableSet<TractId> ofRow(int row) throws IOException {
        int rows = parts.rows().count();
        NavigableSet<TractId> tracts = new TreeSet<>(parts.finder().ofRow(row, rows));
        for (TractId lost : parts.catalog().unreadable()) {
            if (RowHash.rowOf(lost, rows) == row) {
                tracts.add(lost);
            }
        }
        return tracts;
    }

    @Override
    public void dropDamage(TractId tract, int from) throws TractException {
        onDisk(() -> {
            changes.dropDamage(tract, from);
            return tract;
        });
    }

    @Override
    public List<TractState> damaged(@Nullable TractId after, int limit) throws TractException {
        return onDisk(() -> {
            NavigableSet<TractId> damaged = parts.catalog().damaged();
            List<TractState> states = new ArrayList<>();
            for (TractId tract : after == null ? damaged : damaged.tailSet(after, false)) {
                if (states.size() < limit) {
                    stateOf(tract).filter(state -> !state.damaged().isEmpty()).ifPresent(states::add);
                }
            }
            return states;
        });
    }

    @Override
    public Optional<TractId> lookForLost(@Nullable TractId after, int limit) throws TractException {
        return onDisk(() -> removal.lookForLost(after, limit));
    }

    @Override
    public void verifyMetadata() throws TractException {
        onDisk(() -> {
            parts.values().verify();
            return parts;
        });
    }

    @Override
    public TractState verify(TractId tract) throws TractException {
        return onDisk(() -> cache.with(tract, entry -> {
            OpenTract held = entry.existing();
            var bad = TractScan.bad(held.file(), held.extents().held(), held.pieces());
            if (!bad.isEmpty()) {
                held.recordDamage(bad);
                sync.noteDirty(tract);
            }
            return held.state();
        }));
    }

    @Override
    public void removeAll(Collection<BlobId> blobs) throws TractException {
        onDisk(() -> {
            removal.removeBlobs(blobs);
            return blobs;
        });
    }

    @Override
    public void removeRow(int row) throws TractException {
        onDisk(() -> {
            removal.remove(ofRow(row));
            return row;
        });
    }

    @Override
    public List<BlobId> trashedBlobs() throws TractException {
        return onDisk(() -> parts.trash().newest().keySet().stream()
                .map(TractId::blob)
                .distinct()
                .sorted()
                .toList());
    }

    @Override
    public int takeBack(Collection<BlobId> blobs, IntPredicate members) throws TractException {
        return onDisk(() -> {
            removal.completeCatalog();
            int count = parts.rows().count();
            Map<TractId, String> wanted = parts.trash().newest();
            wanted.keySet()
                    .removeIf(tract -> !blobs.contains(tract.blob()) || !members.test(RowHash.rowOf(tract, count)));
            return removal.takeBack(wanted);
        });
    }

    @Override
    public List<BlobId> blobs(@Nullable BlobId after, int limit) throws TractException {
        return onDisk(() -> removal.fromCatalog(() -> parts.catalog().blobs(after, limit)));
    }

    @Override
    public void maintain() throws TractException {
        onDisk(() -> {
            removal.completeCatalog();
            sync.syncOld();
            cache.sweep();
            parts.saveCounts();
            parts.syncValues();
            return parts;
        });
    }

    @Override
    public void purgeTrash() throws TractException {
        onDisk(() -> {
            parts.trash().purge(parts.space().isShort());
            return parts;
        });
    }

    @Override
    public TractInventory inventory() {
        return inventory;
    }

    /** Lets write numbers go on above one that was seen (P7); the lease has been extended. */
    void skipWriteNumbers(long seen) {
        parts.writeSequence().skipTo(seen + 1, seen + WriteSequence.LEASE);
    }

    @Override
    public StorageSpace space() {
        try {
            SpaceBudget space = parts.space();
            return new StorageSpace(
                    space.capacity(),
                    space.used(),
                    space.free(),
                    parts.catalog().count(),
                    parts.writeSequence().value());
        } catch (IOException e) {
            TractException failed = health.onFailure(e);
            return new StorageSpace(
                    0, 0, 0, parts.catalog().count(), failed.version().value());
        }
    }

    @Override
    public Optional<String> failure() {
        return health.failure();
    }

    /** Syncs, seals and closes everything; a store that failed is left as it is. */
    @Override
    public void close() {
        try {
            health.check();
            sync.syncAll();
            cache.closeAll();
            parts.saveCounts();
            parts.syncValues();
        } catch (IOException e) {
            health.onFailure(e);
        } finally {
            health.close();
        }
    }

    private Optional<TractState> stateOf(TractId tract) throws IOException {
        try {
            Optional<TractState> state =
                    cache.with(tract, entry -> Optional.ofNullable(entry.open).map(OpenTract::state));
            cache.sweep();
            return state;
        } catch (UnreadableTractException e) {
            return Optional.of(unreadable(tract));
        }
    }

    /** Something is here that cannot be said: damage from the first byte on, which any verified copy heals. */
    static TractState unreadable(TractId tract) {
        Span first = new Span(0, CHUNK);
        return new TractState(tract, CHUNK, List.of(), Generation.ZERO, RowVersion.NONE, 1, CHUNK, 0, List.of(first));
    }
}
