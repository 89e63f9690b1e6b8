package io.tractfs.sim.store;

import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** How long a store's disk takes. Not thread-safe. */
public final class DiskTiming {
    private static final int SCALE = 10_000;
    private static final int CALM_NANOS = 2_000_000;
    private static final int HICCUP_NANOS = 700_000_000;

    private final SplittableRandom random;
    private final Speed speed;

    /**
     * What a scenario draws. Immutable.
     *
     * @param slowPerTenThousand chance of one operation to take very long
     * @param reconcileNanos most that one step of a reconcile takes
     * @param calm whether nothing is slow any more
     */
    public record Speed(int slowPerTenThousand, int reconcileNanos, BooleanSupplier calm) {}

    /** A disk. */
    DiskTiming(SplittableRandom random, Speed speed) {
        this.random = random;
        this.speed = speed;
    }

    /** One step of a reconcile, which may be throttled. */
    long reconcileNanos() {
        return nanos(speed.calm().getAsBoolean() ? CALM_NANOS : speed.reconcileNanos());
    }

    /** An operation that takes at most so long, unless the disk has a hiccup. */
    long nanos(int most) {
        long usual = 20_000L + random.nextInt(most);
        return !speed.calm().getAsBoolean() && random.nextInt(SCALE) < speed.slowPerTenThousand()
                ? usual + random.nextInt(HICCUP_NANOS)
                : usual;
    }
}
