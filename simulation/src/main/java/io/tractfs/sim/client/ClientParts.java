package io.tractfs.sim.client;

import io.tractfs.sim.check.DurabilityChecker;
import io.tractfs.sim.check.NamespaceChecker;
import io.tractfs.sim.check.Truth;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.protocol.Rule;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * What the parts of one client share. Immutable.
 *
 * @param numbers gives each call of any client a number
 */
public record ClientParts(
        SimulatedProcess process,
        World world,
        Checks checks,
        SplittableRandom random,
        LongSupplier numbers,
        Set<Rule> off) {
    /** Where the client lives. Immutable. */
    public record World(EventQueue time, Network network, Peers peers) {}

    /** Who is told of what the client believes. Immutable. */
    public record Checks(Truth truth, DurabilityChecker durability, NamespaceChecker namespace) {}

    EventQueue time() {
        return world.time();
    }

    Network network() {
        return world.network();
    }

    Peers peers() {
        return world.peers();
    }

    Truth truth() {
        return checks.truth();
    }

    long nowMs() {
        return process.clock().monotonicMs();
    }
}
