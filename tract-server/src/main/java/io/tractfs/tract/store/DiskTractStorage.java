package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.OpenTract.Stamp;
import io.tractfs.tract.store.TractCache.Entry;
import io.tractfs.tract.store.TractState.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    DiskTractStorage(StorageParts parts) {
        this.parts = parts;
        this.health = parts.health();
        this.cache = parts.cache();
        this.sync = new TractSync(parts);
        this.removal = new TractRemoval(parts);
    }

    @Override
    public Optional<TractState> state(TractId tract) throws TractException {
        health.check();
        try {
            return stateOf(tract);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractState write(TractWrite write) throws TractException {
        health.check();
        ByteBuffer data = write.data().nioBuffer();
        int[] crcs = Pieces.verify(write, data);
        parts.rows().check(write.tract(), write.row());
        try {
            parts.writeSequence().next();
            TractState state = cache.with(write.tract(), entry -> write(entry, write, data, crcs));
            cache.sweep();
            return write.sync() ? sync.sync(write.tract()) : state;
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    private TractState write(Entry entry, TractWrite write, ByteBuffer data, int[] crcs) throws IOException {
        OpenTract held = entry.open;
        int length = 0;
        Stamp stamp = new Stamp(
                write.generation(),
                new RowVersion(write.versionValue()),
                write.replication(),
                write.acknowledgedLength());
        if (held != null) {
            checkFence(held, write.generation());
            checkSize(held, write.tractSize());
            length = held.extents().length();
            stamp = merged(held, stamp);
        }
        if (write.offset() > length && !write.allowRanges()) {
            throw new TractException(
                    ErrorCode.GAP,
                    "tract " + write.tract() + ": write at " + write.offset() + " beyond length " + length);
        }
        return put(entry, write.tractSize(), write.offset(), data, crcs, stamp);
    }

    @Override
    public TractState reconcile(ReconciledBytes bytes) throws TractException {
        health.check();
        int[] crcs = Pieces.verify(bytes);
        TractState source = bytes.source();
        parts.rows().check(source.tract(), bytes.row());
        try {
            parts.writeSequence().next();
            removal.setAsideUnreadable(source.tract());
            TractState state = cache.with(source.tract(), entry -> {
                Stamp stamp = takenOver(entry, source);
                return put(entry, source.tractSize(), bytes.offset(), bytes.data(), crcs, stamp);
            });
            cache.sweep();
            return state;
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractState recordLost(TractState source, int row, int from, int to) throws TractException {
        health.check();
        parts.rows().check(source.tract(), row);
        try {
            removal.setAsideUnreadable(source.tract());
            return cache.with(source.tract(), entry -> {
                Stamp stamp = takenOver(entry, source);
                OpenTract tract = openOrCreate(entry, source.tractSize());
                tract.recordLost(from, Math.min(to, source.tractSize()), stamp);
                sync.noteDirty(source.tract());
                return tract.state();
            });
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    private TractState put(Entry entry, int tractSize, int offset, ByteBuffer data, int[] crcs, Stamp stamp)
            throws IOException {
        OpenTract held = entry.open;
        int end = offset + data.remaining();
        int fresh =
                held == null ? end - offset : held.extents().fresh(offset, end).size();
        if (fresh > 0) {
            parts.space().take(fresh);
        }
        OpenTract tract = openOrCreate(entry, tractSize);
        tract.put(offset, data, crcs, stamp);
        parts.space().count(fresh);
        sync.noteDirty(entry.tract);
        return tract.state();
    }

    private OpenTract openOrCreate(Entry entry, int tractSize) throws IOException {
        OpenTract held = entry.open;
        if (held == null) {
            parts.finder().makeDirectory(entry.tract);
            parts.catalog().add(entry.tract);
            held = parts.loader().create(entry.tract, tractSize);
            entry.open = held;
        }
        return held;
    }

    @Override
    public TractState sync(TractId tract) throws TractException {
        health.check();
        try {
            return sync.sync(tract);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractSlice read(TractId tract, int offset, int length) throws TractException {
        health.check();
        if (offset < 0 || length < 0) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "read of " + length + " bytes at " + offset);
        }
        try {
            TractSlice slice = cache.with(tract, entry -> TractReader.slice(existing(entry), offset, length));
            cache.sweep();
            return slice;
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractState fence(TractId tract, Generation generation, int replication, int tractSize)
            throws TractException {
        health.check();
        try {
            cache.with(tract, entry -> {
                Stamp stamp = new Stamp(generation, RowVersion.NONE, replication, 0);
                if (entry.open != null) {
                    checkFence(entry.open, generation);
                    stamp = merged(entry.open, stamp);
                }
                openOrCreate(entry, tractSize).stamp(stamp);
                return generation;
            });
            return sync.sync(tract);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractState cut(TractId tract, Generation generation, int length) throws TractException {
        health.check();
        try {
            cache.with(tract, entry -> {
                OpenTract held = existing(entry);
                checkFence(held, generation);
                int before = held.extents().held().size();
                Stamp now = held.unchanged();
                held.cutTo(length, new Stamp(generation, now.version(), now.replication(), now.acknowledgedLength()));
                parts.space().count((long) held.extents().held().size() - before);
                return generation;
            });
            return sync.sync(tract);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public void acknowledge(TractId tract, long acknowledgedLength) throws TractException {
        health.check();
        try {
            cache.with(tract, entry -> {
                OpenTract held = entry.open;
                if (held != null && held.unchanged().acknowledgedLength() < acknowledgedLength) {
                    Stamp now = held.unchanged();
                    held.stamp(new Stamp(now.generation(), now.version(), now.replication(), acknowledgedLength));
                    sync.noteDirty(tract);
                }
                return acknowledgedLength;
            });
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public List<TractState> list(int row, @Nullable TractId after, int limit) throws TractException {
        health.check();
        try {
            List<TractState> states = new ArrayList<>();
            for (TractId tract : parts.finder().ofRow(row, parts.rows().count())) {
                if (states.size() >= limit) {
                    break;
                }
                if (after == null || tract.compareTo(after) > 0) {
                    stateOf(tract).ifPresent(states::add);
                }
            }
            return states;
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public TractState verify(TractId tract) throws TractException {
        health.check();
        try {
            return cache.with(tract, entry -> {
                OpenTract held = existing(entry);
                var bad = TractScan.bad(held.file(), held.extents().held(), held.pieces());
                if (!bad.isEmpty()) {
                    held.recordDamage(bad);
                    sync.noteDirty(tract);
                }
                return held.state();
            });
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public void removeAll(Collection<BlobId> blobs) throws TractException {
        health.check();
        try {
            removal.removeBlobs(blobs);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public void removeRow(int row) throws TractException {
        health.check();
        try {
            removal.remove(parts.finder().ofRow(row, parts.rows().count()));
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public List<BlobId> blobs(@Nullable BlobId after, int limit) throws TractException {
        health.check();
        try {
            removal.completeCatalog();
            return parts.catalog().blobs(after, limit);
        } catch (IOException e) {
            throw health.onFailure(e);
        }
    }

    @Override
    public void maintain() throws TractException {
        health.check();
        try {
            removal.completeCatalog();
            sync.syncOld();
            parts.trash().purge();
            cache.sweep();
            parts.saveCounts();
            parts.syncValues();
        } catch (IOException e) {
            throw health.onFailure(e);
        }
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
            // Something is here that cannot be said: damage from the first byte on, which any verified copy heals.
            Span first = new Span(0, CHUNK);
            return Optional.of(new TractState(
                    tract, CHUNK, List.of(), Generation.ZERO, RowVersion.NONE, 1, CHUNK, 0, List.of(first)));
        }
    }

    private static OpenTract existing(Entry entry) throws TractException {
        OpenTract held = entry.open;
        if (held == null) {
            throw new TractException(ErrorCode.TRACT_NOT_FOUND, "tract " + entry.tract + " is not here");
        }
        return held;
    }

    private static Stamp takenOver(Entry entry, TractState source) throws TractException {
        Stamp stamp =
                new Stamp(source.generation(), source.version(), source.replication(), source.acknowledgedLength());
        if (entry.open == null) {
            return stamp;
        }
        checkSize(entry.open, source.tractSize());
        Stamp merged = merged(entry.open, stamp);
        int replication = Math.max(source.replication(), entry.open.unchanged().replication());
        return new Stamp(merged.generation(), merged.version(), replication, merged.acknowledgedLength());
    }

    /** The higher of each; nothing is ever lowered (I4). */
    private static Stamp merged(OpenTract held, Stamp stamp) {
        Stamp now = held.unchanged();
        return new Stamp(
                now.generation().compareTo(stamp.generation()) > 0 ? now.generation() : stamp.generation(),
                now.version().isAfter(stamp.version()) ? now.version() : stamp.version(),
                stamp.replication(),
                Math.max(now.acknowledgedLength(), stamp.acknowledgedLength()));
    }

    private static void checkFence(OpenTract held, Generation generation) throws TractException {
        Generation fence = held.unchanged().generation();
        if (generation.compareTo(fence) < 0) {
            throw new TractException(
                    ErrorCode.GENERATION_FENCED,
                    "tract " + held.file().header().tract() + ": generation " + generation + " is fenced by " + fence);
        }
    }

    private static void checkSize(OpenTract held, int tractSize) throws TractException {
        int size = held.file().header().tractSize();
        if (tractSize != size) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tract " + held.file().header().tract() + " has size " + size + ", not " + tractSize);
        }
    }
}
