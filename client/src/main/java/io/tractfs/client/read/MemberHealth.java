package io.tractfs.client.read;

import io.tractfs.id.StoreId;
import io.tractfs.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which stores were slow or failing a moment ago; they are asked last. Bounded by the number of stores. Thread-safe. */
public final class MemberHealth {
    private static final long SUSPECT_MS = 5_000;

    private final Clock clock;
    private final Map<StoreId, Long> suspectUntilMs = new ConcurrentHashMap<>();

    /** Nobody is suspect yet. */
    public MemberHealth(Clock clock) {
        this.clock = clock;
    }

    /** A store did not answer, or too slowly. */
    public void suspect(StoreId store) {
        suspectUntilMs.put(store, clock.monotonicMs() + SUSPECT_MS);
    }

    /** A store answered in time. */
    public void well(StoreId store) {
        if (!suspectUntilMs.isEmpty()) {
            suspectUntilMs.remove(store);
        }
    }

    boolean isSuspect(StoreId store) {
        if (suspectUntilMs.isEmpty()) {
            return false;
        }
        Long until = suspectUntilMs.get(store);
        return until != null && until > clock.monotonicMs();
    }
}
