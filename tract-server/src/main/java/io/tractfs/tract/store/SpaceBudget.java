package io.tractfs.tract.store;

import io.tractfs.time.Clock;
import io.tractfs.tract.disk.Disk;
import io.tractfs.tract.disk.DiskFullException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Space for tracts: what the disk has, less the reserve that reads, deletes and the store's own logs need. The disk is
 * asked now and then; in between what was written is taken off. Thread-safe.
 */
final class SpaceBudget {
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Trash goes before its time once less than this part of the disk is left. */
    private static final long SHORT_SHARE = 50;

    private final Disk disk;
    private final long reserve;
    private final long limit;
    private final Clock clock;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong free = new AtomicLong();
    private volatile long refreshedAt;
    private volatile boolean asked;

    /**
     * A budget that has not asked the disk yet.
     *
     * @param reserve bytes left alone
     * @param limit most bytes of tracts; 0 = the whole disk
     */
    SpaceBudget(Disk disk, long reserve, long limit, Clock clock) {
        this.disk = disk;
        this.reserve = reserve;
        this.limit = limit;
        this.clock = clock;
    }

    /** Takes bytes for a write that is about to be done. */
    void take(long bytes) throws IOException {
        if (!asked || clock.nanoTime() - refreshedAt > REFRESH_NANOS) {
            refresh();
        }
        if (free.addAndGet(-bytes) < 0) {
            refresh();
            if (free.addAndGet(-bytes) < 0) {
                refresh();
                throw new DiskFullException("a write of " + bytes + " bytes to " + disk.name());
            }
        }
    }

    /** Counts bytes of tracts that came or went. */
    void count(long bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return Math.max(0, used.get());
    }

    long free() throws IOException {
        refresh();
        return Math.max(0, free.get());
    }

    /** Whether the disk has less beyond the reserve than the reserve itself, or than a fiftieth of the disk. */
    boolean isShort() throws IOException {
        return disk.space().usable() - reserve < Math.max(reserve, disk.space().total() / SHORT_SHARE);
    }

    long capacity() throws IOException {
        long total = disk.space().total();
        return limit > 0 ? Math.min(limit, total) : total;
    }

    private void refresh() throws IOException {
        long usable = disk.space().usable() - reserve;
        free.set(limit > 0 ? Math.min(usable, limit - used.get()) : usable);
        refreshedAt = clock.nanoTime();
        asked = true;
    }
}
