package io.tractfs.metadata.server;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.StoreSpace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The space that each store reported last. Thread-safe. */
final class SpaceLedger implements ClusterSpace {
    private final Map<StoreId, StoreSpace> spaces = new ConcurrentHashMap<>();
    private final Supplier<@Nullable LeaderView> view;

    SpaceLedger(Supplier<@Nullable LeaderView> view) {
        this.view = view;
    }

    void report(StoreId store, StoreSpace space) {
        spaces.put(store, space);
    }

    @Override
    public Sum now() {
        @Nullable LeaderView leader = view.get();
        long capacity = 0;
        long used = 0;
        long free = 0;
        for (Map.Entry<StoreId, StoreSpace> space : spaces.entrySet()) {
            if (leader != null && leader.stores().containsKey(space.getKey())) {
                capacity += space.getValue().capacityBytes();
                used += space.getValue().usedBytes();
                free += space.getValue().freeBytes();
            }
        }
        return new Sum(capacity, used, free);
    }
}
