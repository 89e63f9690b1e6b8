package io.tractfs.sim.kernel;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/** What the network does to messages at present: one-way cuts by pair, and chances for all. Not thread-safe. */
public final class LinkFaults {
    private static final int SCALE = 10_000;

    private final Set<String> cut = new HashSet<>();
    private final SplittableRandom random;
    private int lossPerTenThousand;
    private int doublePerTenThousand;
    private int slowPerTenThousand;
    private int reorderPerTenThousand;

    /** A network without faults. */
    public LinkFaults(SplittableRandom random) {
        this.random = random;
    }

    /** Sets the chances of one message. */
    public void chances(int loss, int doubling, int slow, int reorder) {
        lossPerTenThousand = loss;
        doublePerTenThousand = doubling;
        slowPerTenThousand = slow;
        reorderPerTenThousand = reorder;
    }

    /** Lets nothing pass from one process to another. */
    public void cut(SimulatedProcess from, SimulatedProcess to) {
        cut.add(key(from, to));
    }

    /** Lets everything pass again. */
    public void join(SimulatedProcess from, SimulatedProcess to) {
        cut.remove(key(from, to));
    }

    /** Ends all faults. */
    public void heal() {
        cut.clear();
        chances(0, 0, 0, 0);
    }

    boolean isCut(SimulatedProcess from, SimulatedProcess to) {
        return !cut.isEmpty() && cut.contains(key(from, to));
    }

    boolean loses() {
        return random.nextInt(SCALE) < lossPerTenThousand;
    }

    boolean doubles() {
        return random.nextInt(SCALE) < doublePerTenThousand;
    }

    boolean reorders() {
        return random.nextInt(SCALE) < reorderPerTenThousand;
    }

    /** How long a message travels. */
    long delayNanos() {
        long usual = 50_000L + random.nextInt(400_000);
        return random.nextInt(SCALE) < slowPerTenThousand ? usual + random.nextInt(800_000_000) : usual;
    }

    private static String key(SimulatedProcess from, SimulatedProcess to) {
        return from.name() + ">" + to.name();
    }
}
