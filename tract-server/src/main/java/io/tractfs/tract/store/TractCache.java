package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracts that are open, each with its lock; past a limit those that were not used lately are closed. Work on one
 * tract runs alone, work on different tracts side by side. Thread-safe.
 */
final class TractCache {
    private static final Logger LOG = LoggerFactory.getLogger(TractCache.class);

    /** Entries that one call looks at to close some. */
    private static final int SWEEP = 32;

    private final ConcurrentHashMap<TractId, Entry> entries = new ConcurrentHashMap<>();
    private final ReentrantLock sweeping = new ReentrantLock();
    private final TractLoader loader;
    private final int limit;
    private @Nullable Iterator<Entry> hand;

    TractCache(TractLoader loader, int limit) {
        this.loader = loader;
        this.limit = limit;
    }

    /** Work that is done under a tract's lock. */
    @FunctionalInterface
    interface Work<R> {
        R on(Entry entry) throws IOException;
    }

    /** A tract that is open or was just found absent; its fields are guarded by its lock. */
    static final class Entry {
        final TractId tract;
        final ReentrantLock lock = new ReentrantLock();

        /** Held by the one that syncs; taken before {@link #lock}. */
        final ReentrantLock syncLock = new ReentrantLock();

        /** Null while there is no such tract. */
        @Nullable
        OpenTract open;

        private boolean gone;
        private boolean recent;

        Entry(TractId tract) {
            this.tract = tract;
        }

        /** The tract; TRACT_NOT_FOUND if there is none. */
        OpenTract existing() throws TractException {
            OpenTract held = open;
            if (held == null) {
                throw new TractException(ErrorCode.TRACT_NOT_FOUND, "tract " + tract + " is not here");
            }
            return held;
        }

        /** Closes the file; whoever sends from it goes on. */
        void drop() {
            OpenTract dropped = open;
            open = null;
            if (dropped != null) {
                dropped.file().release();
            }
        }
    }

    /** Does work under the tract's lock, with the tract open if there is one. */
    <R> R with(TractId tract, Work<R> work) throws IOException {
        while (true) {
            Entry entry = entries.computeIfAbsent(tract, Entry::new);
            entry.lock.lock();
            try {
                if (!entry.gone) {
                    return use(entry, work);
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    /** Does work under the tract's lock if its file cannot be used, and says so; work may open another one in its place. */
    boolean ifUnreadable(TractId tract, Work<?> work) throws IOException {
        while (true) {
            Entry entry = entries.computeIfAbsent(tract, Entry::new);
            entry.lock.lock();
            try {
                if (!entry.gone) {
                    return ifUnreadable(entry, work);
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    private boolean ifUnreadable(Entry entry, Work<?> work) throws IOException {
        boolean intact = entry.open != null;
        try {
            if (entry.open == null) {
                entry.open = loader.load(entry.tract).orElse(null);
                intact = true;
            }
            return false;
        } catch (UnreadableTractException e) {
            LOG.warn("tract={} state=unreadable, its file goes to trash", entry.tract, e);
            Object unused = work.on(entry);
            intact = true;
            return true;
        } finally {
            if (!intact) {
                entry.drop();
            }
            if (entry.open == null) {
                forget(entry);
            }
        }
    }

    /** Closes a tract that is synced and not being synced, so that the next one who uses it reads its file anew. */
    void refresh(TractId tract) throws IOException {
        Entry entry = entries.get(tract);
        if (entry == null) {
            return;
        }
        entry.lock.lock();
        try {
            OpenTract open = entry.open;
            if (!entry.gone && open != null && open.slots().isSynced() && !entry.syncLock.isLocked()) {
                close(entry);
            }
        } finally {
            entry.lock.unlock();
        }
    }

    /** Closes what is over the limit; synced tracts are sealed. */
    void sweep() throws IOException {
        if (entries.size() <= limit || !sweeping.tryLock()) {
            return;
        }
        try {
            for (int i = 0; i < SWEEP && entries.size() > limit; i++) {
                if (hand == null || !hand.hasNext()) {
                    hand = entries.values().iterator();
                }
                if (hand.hasNext()) {
                    sweep(hand.next());
                }
            }
        } finally {
            sweeping.unlock();
        }
    }

    /** Seals and closes everything. */
    void closeAll() throws IOException {
        for (Entry entry : entries.values()) {
            entry.lock.lock();
            try {
                close(entry);
            } finally {
                entry.lock.unlock();
            }
        }
    }

    int size() {
        return entries.size();
    }

    private <R> R use(Entry entry, Work<R> work) throws IOException {
        boolean intact = false;
        try {
            if (entry.open == null) {
                entry.open = loader.load(entry.tract).orElse(null);
            }
            entry.recent = true;
            R result = work.on(entry);
            intact = true;
            return result;
        } catch (TractException refusal) {
            intact = true;
            throw refusal;
        } finally {
            if (!intact) {
                // Memory may not say what the file says: it is read again by the next one.
                entry.drop();
            }
            if (entry.open == null) {
                forget(entry);
            }
        }
    }

    private void sweep(Entry entry) throws IOException {
        if (!entry.lock.tryLock()) {
            return;
        }
        try {
            if (entry.recent) {
                entry.recent = false;
            } else if (!entry.syncLock.isLocked()) {
                close(entry);
            }
        } finally {
            entry.lock.unlock();
        }
    }

    private void close(Entry entry) throws IOException {
        OpenTract open = entry.open;
        if (open != null && open.slots().isSynced()) {
            open.slots().seal(open.file());
        }
        entry.drop();
        forget(entry);
    }

    private void forget(Entry entry) {
        entry.gone = true;
        entries.remove(entry.tract, entry);
    }
}
