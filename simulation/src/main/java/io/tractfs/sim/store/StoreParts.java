package io.tractfs.sim.store;

import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.tract.gate.Admissions;
import java.util.Set;

/** What the drivers of one life of a store share. Immutable. */
record StoreParts(
        StoreDisk disk,
        Admissions admissions,
        StoreProcess server,
        StoreWorld world,
        DiskTiming timing,
        Set<Rule> off) {
    SimulatedProcess process() {
        return server.process();
    }

    EventQueue time() {
        return world.time();
    }

    Network network() {
        return world.network();
    }

    Peers peers() {
        return world.peers();
    }
}
