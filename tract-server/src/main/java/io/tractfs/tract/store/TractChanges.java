package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.ReplicationChange;
import io.tractfs.tract.store.OpenTract.Stamp;
import io.tractfs.tract.store.TractCache.Entry;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.tract.store.TractStorage.TractWrite;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What changes a tract, each under the tract's lock; the checksums were verified before. Thread-safe. */
final class TractChanges {
    private final StorageParts parts;
    private final TractCache cache;
    private final TractSync sync;
    private final TractRemoval removal;

    TractChanges(StorageParts parts, TractSync sync, TractRemoval removal) {
        this.parts = parts;
        this.cache = parts.cache();
        this.sync = sync;
        this.removal = removal;
    }

    /** Keeps a client's bytes. */
    TractState write(TractWrite write, ByteBuffer data, int[] crcs) throws IOException {
        parts.writeSequence().next();
        TractState state = cache.with(write.tract(), entry -> write(entry, write, data, crcs));
        cache.sweep();
        return write.sync() ? sync.sync(write.tract()) : state;
    }

    private TractState write(Entry entry, TractWrite write, ByteBuffer data, int[] crcs) throws IOException {
        OpenTract held = entry.open;
        int length = 0;
        Stamp stamp = new Stamp(
                write.generation(),
                new RowVersion(write.versionValue()),
                write.replication(),
                write.acknowledgedLength(),
                ReplicationChange.NONE);
        if (held != null) {
            StampRules.checkFence(held, write.generation());
            StampRules.checkSize(held, write.tractSize());
            length = held.extents().length();
            stamp = StampRules.merged(held, stamp);
        }
        if (write.offset() > length && !write.allowRanges()) {
            throw new TractException(
                    ErrorCode.GAP,
                    "tract " + write.tract() + ": write at " + write.offset() + " beyond length " + length);
        }
        return put(entry, write.tractSize(), write.offset(), data, crcs, stamp);
    }

    /** Keeps another store's bytes. */
    TractState reconcile(ReconciledBytes bytes, int[] crcs) throws IOException {
        TractState source = bytes.source();
        parts.writeSequence().next();
        removal.replaceUnreadable(source);
        TractState state = cache.with(source.tract(), entry -> {
            Stamp stamp = StampRules.takenOver(entry, source);
            return put(entry, source.tractSize(), bytes.offset(), bytes.data(), crcs, stamp);
        });
        cache.sweep();
        return state;
    }

    /** Records what nobody has. */
    TractState recordLost(TractState source, int from, int to) throws IOException {
        if (source.isUnreadable()) {
            return recordUnreadable(source);
        }
        removal.replaceUnreadable(source);
        return cache.with(source.tract(), entry -> {
            Stamp stamp = StampRules.takenOver(entry, source);
            OpenTract tract = openOrCreate(entry, source.tractSize());
            tract.recordLost(from, Math.min(to, source.tractSize()), stamp);
            sync.noteDirty(source.tract());
            return tract.state();
        });
    }

    /** Records that there was a tract of which nobody knows what it held; what is here of it stays. */
    private TractState recordUnreadable(TractState source) throws IOException {
        removal.completeCatalog();
        TractId tract = source.tract();
        try {
            return cache.with(tract, entry -> {
                if (entry.open != null) {
                    return entry.open.state();
                }
                parts.finder().makeDirectory(tract);
                parts.catalog().add(tract);
                parts.catalog().markLost(tract);
                return source;
            });
        } catch (UnreadableTractException e) {
            return source;
        }
    }

    /** Takes damage for an end. */
    void dropDamage(TractId tract, int from) throws IOException {
        removal.setAsideUnreadable(tract);
        cache.with(tract, entry -> {
            OpenTract held = entry.open;
            if (held != null) {
                held.dropDamage(from);
                sync.noteDirty(tract);
            }
            return tract;
        });
    }

    /** Raises the generation. */
    TractState fence(TractId tract, Generation generation, int replication, int tractSize) throws IOException {
        cache.with(tract, entry -> {
            Stamp stamp = new Stamp(generation, RowVersion.NONE, replication, 0, ReplicationChange.NONE);
            if (entry.open != null) {
                StampRules.checkFence(entry.open, generation);
                stamp = StampRules.merged(entry.open, stamp);
            }
            openOrCreate(entry, tractSize).stamp(stamp);
            return generation;
        });
        return sync.sync(tract);
    }

    /** Changes the replication, unless a later step did (P33). */
    TractState replicate(TractId tract, int replication, ReplicationChange step) throws IOException {
        cache.with(tract, entry -> {
            OpenTract held = entry.existing();
            StampRules.checkStep(held, step);
            held.stamp(held.unchanged().withReplication(replication, step));
            return step;
        });
        return sync.sync(tract);
    }

    /** Cuts. */
    TractState cut(TractId tract, Generation generation, int length) throws IOException {
        cache.with(tract, entry -> {
            OpenTract held = entry.existing();
            StampRules.checkFence(held, generation);
            int before = held.extents().held().size();
            held.cutTo(length, held.unchanged().withGeneration(generation));
            parts.space().count((long) held.extents().held().size() - before);
            return generation;
        });
        return sync.sync(tract);
    }

    /** Records a higher acknowledged length. */
    void acknowledge(TractId tract, long acknowledgedLength) throws IOException {
        cache.with(tract, entry -> {
            OpenTract held = entry.open;
            if (held != null && held.unchanged().acknowledgedLength() < acknowledgedLength) {
                held.stamp(held.unchanged().withAcknowledged(acknowledgedLength));
                sync.noteDirty(tract);
            }
            return acknowledgedLength;
        });
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
}
