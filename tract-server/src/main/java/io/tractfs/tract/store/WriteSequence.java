package io.tractfs.tract.store;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts writes, growing over restarts (P7): numbers are leased ahead in the superblock, and a start goes on after the
 * lease. An old image of the disk so begins below what was last seen. Thread-safe.
 */
final class WriteSequence {
    /** Numbers that are leased at once. */
    static final long LEASE = 1 << 20;

    private final AtomicLong value;
    private final Lease lease;
    private volatile long leasedTo;

    /** Writes down, durably, that numbers up to this one may have been given out. */
    @FunctionalInterface
    interface Lease {
        void extendTo(long end) throws IOException;
    }

    WriteSequence(long start, long leasedTo, Lease lease) {
        this.value = new AtomicLong(start);
        this.leasedTo = leasedTo;
        this.lease = lease;
    }

    long value() {
        return value.get();
    }

    /** Goes on at a number, if it is higher, under a lease that is written down already. */
    synchronized void skipTo(long number, long leaseEnd) {
        leasedTo = Math.max(leasedTo, leaseEnd);
        value.accumulateAndGet(number, Math::max);
    }

    void next() throws IOException {
        if (value.incrementAndGet() >= leasedTo) {
            extend();
        }
    }

    private synchronized void extend() throws IOException {
        if (value.get() >= leasedTo) {
            long end = value.get() + LEASE;
            lease.extendTo(end);
            leasedTo = end;
        }
    }
}
