package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.TractCache.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Puts tracts on disk. One sync per tract runs at a time; those who wait for it find their bytes synced and go. Reads and,
 * as a rule, writes of the tract go on while its file is forced. Thread-safe.
 */
final class TractSync {
    private final StorageParts parts;
    private final TractCache cache;

    /** Since when tracts have had unsynced changes, in monotonic nanoseconds; upkeep empties it. */
    private final Map<TractId, Long> dirtySince = new ConcurrentHashMap<>();

    TractSync(StorageParts parts) {
        this.parts = parts;
        this.cache = parts.cache();
    }

    /**
     * What is to be done for a sync.
     *
     * @param open the tract as it is synced
     * @param directory whether the name is to be put on disk too
     * @param extras what is to count as synced of the extras
     */
    private record Begun(Entry entry, OpenTract open, boolean directory, Extras extras) {}

    void noteDirty(TractId tract) {
        dirtySince.putIfAbsent(tract, parts.clock().nanoTime());
    }

    /** Syncs a tract; TRACT_NOT_FOUND if it is not here. */
    TractState sync(TractId tract) throws IOException {
        Optional<TractState> state = Optional.empty();
        while (state.isEmpty()) {
            Entry entry = cache.with(tract, found -> {
                found.existing();
                return found;
            });
            entry.syncLock.lock();
            try {
                state = sync(entry);
            } finally {
                entry.syncLock.unlock();
            }
        }
        return state.get();
    }

    /** Syncs what has been dirty for long, so that little is to be read after a power loss. */
    void syncOld() throws IOException {
        long until = parts.clock().nanoTime() - TimeUnit.MILLISECONDS.toNanos(parts.flushAfterMs());
        for (Map.Entry<TractId, Long> dirty : dirtySince.entrySet()) {
            if (dirty.getValue() - until <= 0) {
                syncIfHere(dirty.getKey());
            }
        }
    }

    void syncAll() throws IOException {
        for (TractId tract : List.copyOf(dirtySince.keySet())) {
            syncIfHere(tract);
        }
    }

    private void syncIfHere(TractId tract) throws IOException {
        try {
            sync(tract);
        } catch (TractException e) {
            if (e.code() != ErrorCode.TRACT_NOT_FOUND) {
                throw e;
            }
            dirtySince.remove(tract);
        }
    }

    /** Empty if the tract was closed and opened again meanwhile. */
    private Optional<TractState> sync(Entry entry) throws IOException {
        Optional<Begun> begun = cache.with(entry.tract, now -> now == entry ? begin(now) : Optional.empty());
        if (begun.isEmpty()) {
            return cache.with(entry.tract, now -> {
                OpenTract open = now.existing();
                return open.slots().isSynced() ? Optional.of(open.state()) : Optional.empty();
            });
        }
        try {
            force(begun.get());
        } finally {
            begun.get().open().file().release();
        }
        return cache.with(entry.tract, now -> end(now, begun.get()));
    }

    /** Under the tract's lock: marks what is being synced; does it at once if no write may pass beside it. */
    private Optional<Begun> begin(Entry entry) throws IOException {
        OpenTract open = entry.existing();
        if (open.slots().isSynced()) {
            return Optional.empty();
        }
        dirtySince.remove(entry.tract);
        boolean passing = open.slots().mayWriteDuringSync();
        open.slots().beginSync();
        open.file().retain();
        Begun begun = new Begun(entry, open, !open.slots().isDirectoryForced(), open.presentExtras());
        if (!passing) {
            forceUnderLock(begun);
            return Optional.empty();
        }
        return Optional.of(begun);
    }

    private void forceUnderLock(Begun begun) throws IOException {
        try {
            force(begun);
            end(begun);
        } finally {
            begun.open().file().release();
        }
    }

    private Optional<TractState> end(Entry now, Begun begun) throws IOException {
        if (now.existing() != begun.open()) {
            return Optional.empty();
        }
        end(begun);
        return Optional.of(begun.open().state());
    }

    private void force(Begun begun) throws IOException {
        begun.open().file().force();
        if (begun.directory()) {
            parts.finder().forceDirectory(begun.entry().tract);
        }
    }

    private void end(Begun begun) throws IOException {
        begun.open().endSync(begun.extras());
        begun.open().slots().endSync();
        if (begun.directory()) {
            parts.catalog().markSynced(begun.entry().tract);
        }
    }
}
