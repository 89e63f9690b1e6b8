package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import io.tractfs.wire.proto.HeartbeatRequest;
import io.tractfs.wire.proto.RefusedDirectoryMessage;
import io.tractfs.wire.proto.RefusedDirectoryReport;
import io.tractfs.wire.proto.StoreHeartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tract servers last said of damage: soft state, for reports only. One entry per store and per server that has
 * something to say. Thread-safe.
 */
final class DamageReports {
    /** Directories that one server may report; a server has no more stores. */
    private static final int MOST_DIRECTORIES = RegisterHandler.MAX_STORES;

    private final Map<StoreId, Damage> stores = new ConcurrentHashMap<>();
    private final Map<String, List<RefusedDirectoryMessage>> refused = new ConcurrentHashMap<>();

    /**
     * Damage of one store.
     *
     * @param tracts damaged ones
     * @param bytes of them that cannot be given
     */
    record Damage(long tracts, long bytes) {
        static final Damage NONE = new Damage(0, 0);
    }

    /** Takes what a heartbeat says of its server. */
    void report(HeartbeatRequest heartbeat) {
        if (heartbeat.getRefusedCount() == 0) {
            refused.remove(heartbeat.getServer());
        } else {
            refused.put(
                    heartbeat.getServer(),
                    heartbeat.getRefusedList().stream().limit(MOST_DIRECTORIES).toList());
        }
    }

    /** Takes what a heartbeat says of a store that is registered. */
    void report(StoreId store, StoreHeartbeat heartbeat) {
        if (heartbeat.getDamagedTracts() == 0) {
            stores.remove(store);
        } else {
            stores.put(store, new Damage(heartbeat.getDamagedTracts(), heartbeat.getDamagedBytes()));
        }
    }

    /** What a store said last. */
    Damage of(StoreId store) {
        return stores.getOrDefault(store, Damage.NONE);
    }

    /** Every directory that is not served, by server. */
    List<RefusedDirectoryReport> refused() {
        List<RefusedDirectoryReport> reports = new ArrayList<>();
        new TreeMap<>(refused)
                .forEach((server, directories) ->
                        directories.forEach(directory -> reports.add(RefusedDirectoryReport.newBuilder()
                                .setServer(server)
                                .setDirectory(directory.getDirectory())
                                .setReason(directory.getReason())
                                .build())));
        return reports;
    }
}
