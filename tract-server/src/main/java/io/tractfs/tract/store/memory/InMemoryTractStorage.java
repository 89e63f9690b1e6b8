package io.tractfs.tract.store.memory;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.tract.disk.BytesChannel;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.ranges.Extents;
import io.tractfs.tract.store.Pieces;
import io.tractfs.tract.store.TractInventory;
import io.tractfs.tract.store.TractLocation;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractStorage;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tracts in memory with the contract of the real storage. The object is the disk: a simulated server that is killed
 * lets go of it, its successor takes it up again; {@link #losePower} drops part of what was not synced. Thread-safe.
 */
public final class InMemoryTractStorage implements TractStorage {
    private final int rows;
    private long capacity;
    private final TreeMap<TractId, MemoryTract> tracts = new TreeMap<>();
    private @Nullable String failure;
    private long used;
    private long writes;

    /**
     * An empty store.
     *
     * @param rows number of rows N
     * @param capacity bytes of tracts after which writes are DISK_FULL
     */
    public InMemoryTractStorage(int rows, long capacity) {
        this.rows = rows;
        this.capacity = capacity;
    }

    @Override
    public synchronized Optional<TractState> state(TractId tract) throws TractException {
        checkWorks();
        return Optional.ofNullable(tracts.get(tract)).map(MemoryTract::state);
    }

    @Override
    public synchronized TractState write(TractWrite write) throws TractException {
        checkWorks();
        ByteBuffer data = write.data().nioBuffer();
        Pieces.verify(write, data);
        MemoryTract held = tracts.get(write.tract());
        int length = held == null ? 0 : held.extents.length();
        if (held != null) {
            held.checkFence(write.generation());
            held.checkSize(write.tractSize());
        }
        if (write.offset() > length && !write.allowRanges()) {
            throw new TractException(
                    ErrorCode.GAP,
                    "tract " + write.tract() + ": write at " + write.offset() + " beyond length " + length);
        }
        MemoryTract tract = held == null ? new MemoryTract(write.tract(), write.tractSize()) : held;
        store(tract, write.offset(), data);
        tract.generation = write.generation();
        if (tract.change.equals(ReplicationChange.NONE)) {
            tract.replication = write.replication();
        }
        tract.raise(new RowVersion(write.versionValue()));
        tract.acknowledgedLength = Math.max(tract.acknowledgedLength, write.acknowledgedLength());
        writes++;
        if (write.sync()) {
            tract.markSynced();
        }
        return tract.state();
    }

    @Override
    public synchronized TractState sync(TractId tract) throws TractException {
        checkWorks();
        MemoryTract held = existing(tract);
        held.markSynced();
        return held.state();
    }

    @Override
    public synchronized TractSlice read(TractId tract, int offset, int length) throws TractException {
        checkWorks();
        MemoryTract held = existing(tract);
        int tractLength = held.extents.length();
        int from = Math.min(offset / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE, tractLength);
        int to = (int) Math.min(tractLength, roundUp((long) offset + length));
        if (offset >= tractLength || length == 0) {
            from = offset / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE;
            to = from;
        }
        if (held.extents.damagedChunks(ChunkChecksums.CHUNK_SIZE).intersects(from, to)) {
            throw new TractException(ErrorCode.DAMAGED, "tract " + tract + ": damaged within " + from + " to " + to);
        }
        BytesChannel channel = new BytesChannel(to > from ? held.read(from, to) : new byte[0]);
        ByteBuffer checksums = to > from ? held.checksums(from, to) : ByteBuffer.allocate(0);
        return new TractSlice(checksums, channel, 0, from, to - from, tractLength, () -> {});
    }

    @Override
    public synchronized TractState fence(TractId tract, Generation generation, int replication, int tractSize)
            throws TractException {
        checkWorks();
        MemoryTract held = tracts.get(tract);
        if (held == null) {
            held = new MemoryTract(tract, tractSize);
            held.replication = replication;
            tracts.put(tract, held);
        }
        held.checkFence(generation);
        held.generation = generation;
        held.markSynced();
        return held.state();
    }

    @Override
    public synchronized TractState replicate(TractId tract, int replication, ReplicationChange step)
            throws TractException {
        checkWorks();
        MemoryTract held = existing(tract);
        held.checkStep(step.number());
        held.replication = replication;
        held.change = step;
        held.markSynced();
        return held.state();
    }

    @Override
    public synchronized void trim(TractId tract, int number) throws TractException {
        checkWorks();
        MemoryTract held = tracts.get(tract);
        if (held != null) {
            held.checkStep(number);
            drop(List.of(tract));
        }
    }

    @Override
    public synchronized TractState cut(TractId tract, Generation generation, int length) throws TractException {
        checkWorks();
        MemoryTract held = existing(tract);
        held.checkFence(generation);
        int before = held.extents.held().size();
        held.generation = generation;
        held.extents = held.extents.cutTo(length);
        held.markSynced();
        used -= before - held.extents.held().size();
        return held.state();
    }

    @Override
    public synchronized void acknowledge(TractId tract, long acknowledgedLength) throws TractException {
        checkWorks();
        MemoryTract held = tracts.get(tract);
        if (held != null) {
            held.acknowledgedLength = Math.max(held.acknowledgedLength, acknowledgedLength);
        }
    }

    @Override
    public synchronized List<TractState> list(int row, @Nullable TractId after, int limit) throws TractException {
        checkWorks();
        return (after == null ? tracts : tracts.tailMap(after, false))
                .values().stream()
                        .filter(tract -> RowHash.rowOf(tract.tract, rows) == row)
                        .limit(limit)
                        .map(MemoryTract::state)
                        .toList();
    }

    @Override
    public synchronized TractState reconcile(ReconciledBytes bytes) throws TractException {
        checkWorks();
        Pieces.verify(bytes);
        MemoryTract tract = recovering(bytes.source());
        store(tract, bytes.offset(), bytes.data());
        tract.takeOver(bytes.source());
        return tract.state();
    }

    @Override
    public synchronized TractState recordLost(TractState source, int row, int from, int to) throws TractException {
        checkWorks();
        MemoryTract tract = recovering(source);
        for (var range :
                tract.extents.fresh(from, Math.min(to, source.tractSize())).list()) {
            tract.extents = tract.extents.withDamaged(range.from(), range.to());
        }
        tracts.putIfAbsent(source.tract(), tract);
        tract.takeOver(source);
        return tract.state();
    }

    @Override
    public synchronized void dropDamage(TractId tract, int from) throws TractException {
        checkWorks();
        MemoryTract held = tracts.get(tract);
        if (held != null) {
            held.extents =
                    new Extents(held.extents.held(), held.extents.damaged().intersect(0, from));
        }
    }

    @Override
    public synchronized List<TractState> damaged(@Nullable TractId after, int limit) throws TractException {
        checkWorks();
        return (after == null ? tracts : tracts.tailMap(after, false))
                .values().stream()
                        .map(MemoryTract::state)
                        .filter(state -> !state.damaged().isEmpty())
                        .limit(limit)
                        .toList();
    }

    @Override
    public Optional<TractId> lookForLost(@Nullable TractId after, int limit) {
        return Optional.empty();
    }

    @Override
    public synchronized void verifyMetadata() throws TractException {
        checkWorks();
    }

    @Override
    public synchronized TractState verify(TractId tract) throws TractException {
        checkWorks();
        MemoryTract held = existing(tract);
        held.verify();
        return held.state();
    }

    @Override
    public synchronized void removeAll(Collection<BlobId> blobs) throws TractException {
        checkWorks();
        drop(tracts.keySet().stream()
                .filter(tract -> blobs.contains(tract.blob()))
                .toList());
    }

    @Override
    public List<BlobId> trashedBlobs() {
        return List.of(); // What is removed is gone at once.
    }

    @Override
    public int takeBack(Collection<BlobId> blobs, IntPredicate rowsOf) {
        return 0;
    }

    @Override
    public synchronized void removeRow(int row) throws TractException {
        checkWorks();
        drop(tracts.keySet().stream()
                .filter(tract -> RowHash.rowOf(tract, rows) == row)
                .toList());
    }

    @Override
    public synchronized List<BlobId> blobs(@Nullable BlobId after, int limit) throws TractException {
        checkWorks();
        return tracts.keySet().stream()
                .map(TractId::blob)
                .filter(blob -> after == null || blob.compareTo(after) > 0)
                .distinct()
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void maintain() throws TractException {
        checkWorks();
    }

    @Override
    public synchronized void purgeTrash() throws TractException {
        checkWorks();
    }

    @Override
    public TractInventory inventory() {
        return new TractInventory() {
            @Override
            public Optional<Inspected> inspect(TractId tract, boolean verify) throws TractException {
                Optional<TractState> state = verify && state(tract).isPresent()
                        ? Optional.of(InMemoryTractStorage.this.verify(tract))
                        : state(tract);
                return state.map(held -> new Inspected(held, held.length()));
            }

            @Override
            public List<TractId> names(int bucket) throws TractException {
                synchronized (InMemoryTractStorage.this) {
                    checkWorks();
                    return tracts.keySet().stream()
                            .filter(tract -> TractLayout.bucket(tract) == bucket)
                            .toList();
                }
            }

            @Override
            public List<String> strays(int bucket) {
                return List.of();
            }

            @Override
            public int removeStrays(Collection<String> paths) {
                return 0;
            }

            @Override
            public void remove(Collection<TractId> removed) throws TractException {
                synchronized (InMemoryTractStorage.this) {
                    checkWorks();
                    drop(List.copyOf(removed));
                }
            }
        };
    }

    @Override
    public synchronized StorageSpace space() {
        return new StorageSpace(capacity, used, Math.max(0, capacity - used), tracts.size(), writes);
    }

    @Override
    public synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Does nothing: the object is the disk, which outlives the process. */
    @Override
    public void close() {}

    /** Makes every call fail from now on, as after a failed sync. */
    public synchronized void fail(String reason) {
        failure = reason;
    }

    /** What is on the disk of a tract, also while the store fails; for those who look from outside. */
    public synchronized Optional<TractState> peek(TractId tract) {
        return Optional.ofNullable(tracts.get(tract)).map(MemoryTract::state);
    }

    /** The bytes of a tract as they are on the disk, flipped bits included; for those who look from outside. */
    public synchronized byte[] peek(TractId tract, int from, int to) {
        MemoryTract held = tracts.get(tract);
        return held == null ? new byte[0] : held.read(from, Math.max(from, Math.min(to, held.extents.length())));
    }

    /** Changes the size of the disk; what is there stays, also if it is more. */
    public synchronized void resize(long bytes) {
        capacity = bytes;
    }

    /** Puts another disk controller in: what failed works again. */
    public synchronized void repair() {
        failure = null;
    }

    /** Flips a bit of a tract's byte on the disk; nobody notices before it is read or verified. */
    public synchronized void flipBit(TractId tract, int offset) {
        MemoryTract held = tracts.get(tract);
        if (held != null) {
            held.flip(offset);
        }
    }

    /** The disk as it is now, on another one: what changes on either changes nothing on the other. */
    public synchronized InMemoryTractStorage copy() {
        InMemoryTractStorage copy = new InMemoryTractStorage(rows, capacity);
        tracts.forEach((id, tract) -> copy.tracts.put(id, tract.copy()));
        copy.failure = failure;
        copy.used = used;
        copy.writes = writes;
        return copy;
    }

    /** Drops part of what was not synced, as a power loss does. */
    public synchronized void losePower(Random random) {
        drop(List.copyOf(tracts.values()).stream()
                .filter(tract -> {
                    int before = tract.extents.held().size();
                    boolean survives = tract.losePower(random);
                    used -= survives ? before - tract.extents.held().size() : 0;
                    return !survives;
                })
                .map(tract -> tract.tract)
                .toList());
    }

    private void store(MemoryTract tract, int offset, ByteBuffer data) throws TractException {
        int end = offset + data.remaining();
        if (!tract.agrees(offset, data)) {
            throw new TractException(
                    ErrorCode.CONFLICTING_BYTES,
                    "tract " + tract.tract + ": other bytes are held within " + offset + " to " + end);
        }
        int fresh = tract.extents.fresh(offset, end).size();
        if (used + fresh > capacity) {
            throw new TractException(ErrorCode.DISK_FULL, "no space for " + fresh + " bytes of tract " + tract.tract);
        }
        tract.put(offset, data);
        used += fresh;
        tracts.put(tract.tract, tract);
    }

    private MemoryTract recovering(TractState source) throws TractException {
        MemoryTract held = tracts.get(source.tract());
        if (held == null) {
            return new MemoryTract(source.tract(), source.tractSize());
        }
        held.checkSize(source.tractSize());
        return held;
    }

    private void drop(List<TractId> removed) {
        for (TractId tract : removed) {
            MemoryTract gone = tracts.remove(tract);
            used -= gone == null ? 0 : gone.extents.held().size();
        }
    }

    @Override
    public synchronized Optional<TractLocation> locate(TractId tract) throws TractException {
        MemoryTract unused = existing(tract);
        return Optional.empty();
    }

    private MemoryTract existing(TractId tract) throws TractException {
        MemoryTract held = tracts.get(tract);
        if (held == null) {
            throw new TractException(ErrorCode.TRACT_NOT_FOUND, "tract " + tract + " is not here");
        }
        return held;
    }

    private void checkWorks() throws TractException {
        if (failure != null) {
            throw new TractException(ErrorCode.STORE_FAILED, "store failed: " + failure);
        }
    }

    private static long roundUp(long bytes) {
        return (bytes + ChunkChecksums.CHUNK_SIZE - 1) / ChunkChecksums.CHUNK_SIZE * ChunkChecksums.CHUNK_SIZE;
    }
}
