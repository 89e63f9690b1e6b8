package io.tractfs.metadata.rocks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/**
 * Snapshots that all readers between two writes share: taking one locks the whole database. A reader that begins after a
 * write has returned never gets one from before it. Thread-safe.
 */
final class SharedSnapshots {
    private final RocksDB database;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicReference<@Nullable Instant> latest = new AtomicReference<>();

    /** Snapshots of a database. */
    SharedSnapshots(RocksDB database) {
        this.database = database;
    }

    /** The present instant, to be released by the caller. */
    Instant acquire() {
        long now = writes.get();
        Instant known = latest.get();
        if (known != null && known.writes == now && known.tryShare()) {
            return known;
        }
        Instant taken = new Instant(now);
        if (taken.tryShare() && !latest.compareAndSet(known, taken)) {
            taken.release();
        } else if (known != null) {
            known.release();
        }
        return taken;
    }

    /** A write has been carried out, or may have been; what was shared before is not given to readers any more. */
    void outdate() {
        writes.incrementAndGet();
        Instant old = latest.getAndSet(null);
        if (old != null) {
            old.release();
        }
    }

    /** One instant; freed when nobody uses it any more. Thread-safe. */
    final class Instant {
        private final long writes;
        private final Snapshot snapshot = database.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);
        private final ReadOptions memoryOptions =
                new ReadOptions().setSnapshot(snapshot).setReadTier(ReadTier.BLOCK_CACHE_TIER);
        /** One of them is whoever took it. */
        private final AtomicInteger users = new AtomicInteger(1);

        private Instant(long writes) {
            this.writes = writes;
        }

        /** Options that read this instant. */
        ReadOptions options() {
            return options;
        }

        /** Options that read what of this instant is in memory. */
        ReadOptions memoryOptions() {
            return memoryOptions;
        }

        private boolean tryShare() {
            int now = users.get();
            while (now > 0 && !users.compareAndSet(now, now + 1)) {
                now = users.get();
            }
            return now > 0;
        }

        /** Ends one use. */
        void release() {
            if (users.decrementAndGet() == 0) {
                options.close();
                memoryOptions.close();
                database.releaseSnapshot(snapshot);
                snapshot.close();
            }
        }
    }
}
