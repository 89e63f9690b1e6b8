package io.tractfs.tract.store.memory;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.Extents;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One tract in memory: its bytes, what of them is held, and what a power loss would leave. Not thread-safe. */
final class MemoryTract {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    final TractId tract;
    final int tractSize;
    Extents extents = Extents.NONE;
    Generation generation = Generation.ZERO;
    RowVersion version = RowVersion.NONE;
    int replication;
    ReplicationChange change = ReplicationChange.NONE;
    long acknowledgedLength;
    private byte[] data = new byte[0];

    /** Flipped bits by offset: what a read gives differs from what the checksum was made of. */
    private final Map<Integer, Byte> flips = new HashMap<>();

    /** The state at the last sync; null if there was none. */
    private @Nullable TractState synced;

    private Extents syncedExtents = Extents.NONE;

    MemoryTract(TractId tract, int tractSize) {
        this.tract = tract;
        this.tractSize = tractSize;
    }

    MemoryTract copy() {
        MemoryTract copy = new MemoryTract(tract, tractSize);
        copy.extents = extents;
        copy.generation = generation;
        copy.version = version;
        copy.replication = replication;
        copy.change = change;
        copy.acknowledgedLength = acknowledgedLength;
        copy.data = data.clone();
        copy.flips.putAll(flips);
        copy.synced = synced;
        copy.syncedExtents = syncedExtents;
        return copy;
    }

    /** Refuses an order of a change of the replication that is over. */
    void checkStep(int number) throws TractException {
        if (change.number() > number) {
            throw new TractException(
                    ErrorCode.STALE_ORDER,
                    "tract " + tract + ": change " + number + " of the replication is over, the store has seen "
                            + change.number());
        }
    }

    /** Refuses a generation that was fenced. */
    void checkFence(Generation asked) throws TractException {
        if (asked.compareTo(generation) < 0) {
            throw new TractException(
                    ErrorCode.GENERATION_FENCED,
                    "tract " + tract + ": generation " + asked + " is fenced by " + generation);
        }
    }

    /** Refuses another tract size. */
    void checkSize(int asked) throws TractException {
        if (asked != tractSize) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT, "tract " + tract + " has size " + tractSize + ", not " + asked);
        }
    }

    /** Takes the newer of its own and another copy's state, but for bytes. */
    void takeOver(TractState source) {
        if (source.generation().compareTo(generation) > 0) {
            generation = source.generation();
        }
        raise(source.version());
        if (source.change().isAfter(change)) {
            replication = source.replication();
            change = source.change();
        } else if (change.equals(ReplicationChange.NONE)) {
            replication = Math.max(replication, source.replication());
        }
        acknowledgedLength = Math.max(acknowledgedLength, source.acknowledgedLength());
    }

    /** Sets the version unless it is newer already. */
    void raise(RowVersion other) {
        version = version.isAfter(other) ? version : other;
    }

    TractState state() {
        return new TractState(
                tract,
                extents.length(),
                spans(extents.beyond()),
                generation,
                version,
                replication,
                tractSize,
                acknowledgedLength,
                spans(extents.damagedChunks(CHUNK)),
                change);
    }

    /** Whether these bytes equal what is held of their range. */
    boolean agrees(int offset, ByteBuffer bytes) {
        for (ByteRange range :
                extents.toCompare(offset, offset + bytes.remaining()).list()) {
            for (int at = range.from(); at < range.to(); at++) {
                if (data[at] != bytes.get(bytes.position() + at - offset)) {
                    return false;
                }
            }
        }
        return true;
    }

    void put(int offset, ByteBuffer bytes) {
        int end = offset + bytes.remaining();
        if (data.length < end) {
            data = Arrays.copyOf(data, Math.min(tractSize, Math.max(end, data.length * 2)));
        }
        bytes.duplicate().get(data, offset, bytes.remaining());
        ByteRanges fresh = extents.fresh(offset, end);
        flips.keySet().removeIf(at -> fresh.contains(at, at + 1));
        extents = extents.withHeld(offset, end);
    }

    /** The bytes as they would be read, flipped bits included. */
    byte[] read(int from, int to) {
        byte[] bytes = Arrays.copyOfRange(data, from, to);
        flips.forEach((at, bits) -> {
            if (at >= from && at < to) {
                bytes[at - from] ^= bits;
            }
        });
        return bytes;
    }

    ByteBuffer checksums(int from, int to) {
        ByteBuffer checksums = ByteBuffer.allocate(ChunkChecksums.chunkCount(to - from) * Integer.BYTES);
        ChunkChecksums.compute(tract, from / CHUNK, ByteBuffer.wrap(data, from, to - from), checksums);
        return checksums.flip();
    }

    void flip(int offset) {
        flips.put(offset, (byte) 1);
    }

    /** Finds the flipped bits, as a scrub would. */
    void verify() {
        for (int at : flips.keySet()) {
            int from = at / CHUNK * CHUNK;
            int to = Math.min(from + CHUNK, tractSize);
            int length = extents.length();
            if (extents.held().contains(at, at + 1)) {
                extents = at < length ? extents.withDamaged(from, Math.min(to, length)) : extents.without(from, to);
            }
        }
    }

    void markSynced() {
        synced = state();
        syncedExtents = extents;
    }

    /**
     * Loses part of what was not synced.
     *
     * @return false if nothing is left
     */
    boolean losePower(Random random) {
        TractState kept = synced;
        if (kept == null && random.nextBoolean()) {
            return false;
        }
        ByteRanges unsynced = extents.held().minus(syncedExtents.held());
        for (ByteRange range : unsynced.list()) {
            int survives = range.from() + random.nextInt(range.size() + 1);
            extents = extents.without(survives, range.to());
        }
        if (kept != null && random.nextBoolean()) {
            generation = kept.generation();
            version = kept.version();
            acknowledgedLength = kept.acknowledgedLength();
        }
        markSynced();
        return true;
    }

    static List<Span> spans(ByteRanges ranges) {
        List<Span> spans = new ArrayList<>();
        for (ByteRange range : ranges.list()) {
            spans.add(new Span(range.from(), range.to()));
        }
        return spans;
    }
}
