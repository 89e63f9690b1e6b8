package io.tractfs.sim.protocol;

import io.tractfs.id.StoreId;
import io.tractfs.sim.kernel.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every process of the cluster and what it serves in its present life. Not thread-safe. */
public final class Peers {
    private final Map<StoreId, StorePeer> stores = new TreeMap<>();
    private final List<MetadataPeer> metadata = new ArrayList<>();

    /** A store's process. */
    public interface StorePeer {
        /** The process. */
        SimulatedProcess process();

        /** What its present life serves; asked only while it runs. */
        StoreService service();
    }

    /** A metadata server's process. */
    public interface MetadataPeer {
        /** The process. */
        SimulatedProcess process();

        /** What it serves. */
        MetadataService service();
    }

    /** Adds a store. */
    public void add(StoreId store, StorePeer peer) {
        stores.put(store, peer);
    }

    /** Adds a metadata server. */
    public void add(MetadataPeer peer) {
        metadata.add(peer);
    }

    /** A store's process. */
    public StorePeer store(StoreId store) {
        StorePeer peer = stores.get(store);
        if (peer == null) {
            throw new IllegalArgumentException("No store " + store);
        }
        return peer;
    }

    /** Some store of a process. */
    public StorePeer storeOf(String process) {
        return stores.values().stream()
                .filter(peer -> peer.process().name().equals(process))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No process " + process));
    }

    /** The metadata servers, in the order in which everybody tries them. */
    public List<MetadataPeer> metadata() {
        return metadata;
    }
}
