package io.tractfs.sim.store;

import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;

/** A tract server's process with its stores: they live and die together. Not thread-safe. */
public final class StoreProcess {
    private final SimulatedProcess process;
    private final List<StoreNode> stores = new ArrayList<>();

    /** A process without stores that has not started. */
    public StoreProcess(String name, EventQueue time) {
        this.process = new SimulatedProcess(name, time);
    }

    SimulatedProcess process() {
        return process;
    }

    void add(StoreNode store) {
        stores.add(store);
    }

    /** The stores that it serves. */
    public List<StoreNode> stores() {
        return List.copyOf(stores);
    }

    /** Starts it with what is on its disks. */
    void start() {
        process.start();
        stores.forEach(StoreNode::begin);
    }
}
