package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterRecords;
import io.tractfs.metadata.namespace.StoreRegistration;
import io.tractfs.metadata.raft.CommandLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each store has followed the garbage log; what every store of the register has is trimmed (P32). A store that
 * was removed from the register's majority does not hold the log up: it asks about every blob when it comes back.
 * Thread-safe.
 */
public final class GarbageCursors {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCursors.class);

    /** Entries that one command removes: a store may have held the log up for days. */
    private static final long MOST_TRIMMED = 100_000;

    private final Map<StoreId, Long> cursors = new ConcurrentHashMap<>();
    private final ClusterRecords records;
    private final CommandLog log;

    /** Nothing has been reported. */
    public GarbageCursors(ClusterRecords records, CommandLog log) {
        this.records = records;
        this.log = log;
    }

    /** A store says how far it has come. */
    public void report(StoreId store, long cursor) {
        cursors.put(store, cursor);
    }

    /** Trims what nobody needs; reads the state, so not on an event loop. */
    public void trim() {
        long least = Long.MAX_VALUE;
        for (StoreRegistration store : records.stores().values()) {
            if (!store.removed()) {
                @Nullable Long cursor = cursors.get(store.store());
                least = Math.min(least, cursor == null ? 0 : cursor);
            }
        }
        if (least != Long.MAX_VALUE
                && least >= records.garbageStart()
                && records.garbageHead() >= records.garbageStart()) {
            long through = Math.min(least, records.garbageStart() + MOST_TRIMMED - 1);
            log.submit(Call.ofSystem(new ClusterCommand.TrimGarbage(through))).whenComplete((result, error) -> {
                if (error != null) {
                    LOG.info("event=garbage-not-trimmed reason=\"{}\"", error.toString());
                }
            });
        }
    }
}
