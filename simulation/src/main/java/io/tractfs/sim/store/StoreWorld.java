package io.tractfs.sim.store;

import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.protocol.Peers;

/** Where a store lives. Immutable. */
public record StoreWorld(EventQueue time, Network network, Peers peers) {}
