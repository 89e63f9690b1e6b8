package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The highest write sequence that each store reported to this server since it started, in heartbeats and by what the
 * register has of its starts. A store that comes back below it has lost writes: its disk is an old copy (P7, A9). What
 * heartbeats said is forgotten with this process; the register alone tells every copy that was taken before the store's
 * last start. Thread-safe.
 */
public final class WriteSequences {
    private final Map<StoreId, Long> highest = new ConcurrentHashMap<>();

    /** Takes note of what a store says in a heartbeat. */
    public void saw(StoreId store, long sequence) {
        highest.merge(store, sequence, (one, other) -> Long.compareUnsigned(one, other) >= 0 ? one : other);
    }

    /** What was seen of a store, if it says less now. */
    public OptionalLong lostBy(StoreId store, long sequence) {
        Long seen = highest.get(store);
        return seen != null && Long.compareUnsigned(sequence, seen) < 0 ? OptionalLong.of(seen) : OptionalLong.empty();
    }
}
