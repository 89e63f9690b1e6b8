package io.tractfs.sim.store;

import java.util.SplittableRandom;

/** How long a store's disk takes. Not thread-safe. */
final class DiskTiming {
    private static final int SCALE = 10_000;
    private static final int HICCUP_NANOS = 700_000_000;

    private final SplittableRandom random;
    private final int slowPerTenThousand;

    /**
     * A disk.
     *
     * @param slowPerTenThousand chance of one operation to take very long
     */
    DiskTiming(SplittableRandom random, int slowPerTenThousand) {
        this.random = random;
        this.slowPerTenThousand = slowPerTenThousand;
    }

    /** An operation that takes at most so long, unless the disk has a hiccup. */
    long nanos(int most) {
        long usual = 20_000L + random.nextInt(most);
        return random.nextInt(SCALE) < slowPerTenThousand ? usual + random.nextInt(HICCUP_NANOS) : usual;
    }
}
