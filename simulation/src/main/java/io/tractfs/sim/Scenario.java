package io.tractfs.sim;

import io.tractfs.sim.fault.FaultInjector;
import io.tractfs.sim.fault.FaultKind;
import io.tractfs.sim.protocol.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a seed draws before anything happens: size, workload, which faults. Immutable.
 *
 * @param seed everything follows from it
 * @param off rules that are switched off
 * @param more faults that are on whatever the seed draws
 * @param omissions what is left out of what the seed draws
 */
record Scenario(
        long seed,
        Size size,
        Chances chances,
        FaultInjector.Plan faults,
        long faultNanos,
        Set<Rule> off,
        Set<FaultKind> more,
        Omissions omissions) {
    private static final int[] ROWS = {4, 8, 16};

    private static final Set<FaultKind> DISKS_AND_CLOCKS = EnumSet.of(
            FaultKind.BIT_FLIP,
            FaultKind.MISDIRECTED_WRITE,
            FaultKind.DISK_FAILURE,
            FaultKind.DISK_FULL,
            FaultKind.OLD_DISK,
            FaultKind.EMPTY_DISK,
            FaultKind.CLOCK_JUMP);

    /** The first finds what is not mended, the second was not run with enough seeds; see docs/simulation.md. */
    private static final Set<FaultKind> ON_REQUEST = EnumSet.of(FaultKind.POWER_LOSS_EVERYWHERE, FaultKind.STORE_AWAY);

    private static final int SHORT_MS = 2;
    private static final int[] RECONCILE_MS = {SHORT_MS, SHORT_MS, SHORT_MS, SHORT_MS, 200, 1_500};

    /** How many of each. Immutable. */
    record Size(int stores, int storesPerProcess, int rows, int servers, int writers, int readers) {}

    /**
     * Of one message, or one operation of a disk, in ten thousand. Immutable.
     *
     * @param reconcileMs most that one step of a reconcile takes
     */
    record Chances(int loss, int doubling, int slow, int reorder, int slowDisk, int reconcileMs) {
        Chances onTheNetworkNone() {
            return new Chances(0, 0, 0, 0, slowDisk, reconcileMs);
        }
    }

    /** Draws. */
    static Scenario of(long seed, Set<Rule> off, Set<FaultKind> more, Omissions omissions) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        Size size = new Size(
                3 + random.nextInt(4),
                random.nextInt(4) == 0 ? 2 : 1,
                ROWS[random.nextInt(ROWS.length)],
                random.nextBoolean() ? 1 : 3,
                1 + random.nextInt(3),
                1 + random.nextInt(2));
        boolean calm = random.nextInt(4) == 0;
        Chances chances = calm
                ? new Chances(0, 0, 0, 0, 0, SHORT_MS)
                : new Chances(
                        random.nextInt(60),
                        random.nextInt(200),
                        random.nextInt(150),
                        random.nextInt(1_500),
                        random.nextInt(400),
                        RECONCILE_MS[random.nextInt(RECONCILE_MS.length)]);
        // In every third seed, so that the others see enough of what goes wrong between processes.
        boolean disks = random.nextInt(3) == 0;
        List<FaultKind> kinds = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            boolean drawn = random.nextInt(3) > 0 && (disks || !DISKS_AND_CLOCKS.contains(kind));
            if (more.contains(kind) || (drawn && !ON_REQUEST.contains(kind))) {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty()) {
            kinds.add(FaultKind.STORE_KILL);
        }
        FaultInjector.Plan faults = new FaultInjector.Plan(
                List.copyOf(kinds), 100 + random.nextInt(1_400), 1 + random.nextInt(size.stores()), omissions.faults());
        long faultNanos = (6_000L + random.nextInt(10_000)) * 1_000_000;
        Set<Rule> switched = off.isEmpty() ? Set.of() : EnumSet.copyOf(off);
        Chances drawn = omissions.calmNetwork() ? chances.onTheNetworkNone() : chances;
        return new Scenario(seed, size, drawn, faults, faultNanos, switched, Set.copyOf(more), omissions);
    }
}
