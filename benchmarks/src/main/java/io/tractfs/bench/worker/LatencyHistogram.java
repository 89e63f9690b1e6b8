package io.tractfs.bench.worker;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of durations in buckets that are at most 3 % wide: 32 to each power of two of nanoseconds. Not thread-safe.
 */
public final class LatencyHistogram {
    private static final int SUB_BITS = 5;
    private static final int SUB = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB;

    private final long[] counts = new long[BUCKETS];
    private long total;

    /** Counts a duration. */
    public void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    /** Counts all that another one has counted. */
    public void addAll(LatencyHistogram other) {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        total += other.total;
    }

    /** Counts what {@link #sparse} gave. */
    public void addSparse(Map<Integer, Long> sparse) {
        sparse.forEach((bucket, count) -> {
            counts[bucket] += count;
            total += count;
        });
    }

    /** The buckets that are not empty. */
    public Map<Integer, Long> sparse() {
        Map<Integer, Long> sparse = new TreeMap<>();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] != 0) {
                sparse.put(bucket, counts[bucket]);
            }
        }
        return sparse;
    }

    /** The duration in nanoseconds that a share of all does not exceed, to the bucket's middle; 0 without any. */
    public double percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return (low(bucket) + low(bucket + 1)) / 2.0;
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        if (nanos < SUB) {
            return (int) nanos;
        }
        int shift = Long.SIZE - Long.numberOfLeadingZeros(nanos) - SUB_BITS - 1;
        return (shift + 1) * SUB + (int) (nanos >>> shift) - SUB;
    }

    private static double low(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        return Math.scalb((double) (bucket % SUB + SUB), shift);
    }
}
