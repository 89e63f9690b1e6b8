package io.tractfs.tract.reconcile;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcilePlan.Source;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes a store has still to fetch from whom, over all its sessions: of the holders that could give a tract, the
 * one with the least is asked, so that a source that is busy with others is left to them. Confined to the store's
 * reconcile loop.
 */
public final class SourceLoad {
    private final Map<StoreRef, Long> bytes = new HashMap<>();

    /** The holder to ask for a tract of the listed source's classes: the source itself, unless another has less to give. */
    StoreRef leastLoaded(Source listed, Iterable<Source> holders) {
        StoreRef best = listed.store();
        long least = of(best);
        for (Source holder : holders) {
            if (holder.classes().containsAll(listed.classes()) && of(holder.store()) < least) {
                best = holder.store();
                least = of(best);
            }
        }
        return best;
    }

    void add(StoreRef source, long more) {
        bytes.merge(source, more, Long::sum);
    }

    void remove(StoreRef source, long less) {
        bytes.computeIfPresent(source, (ignored, all) -> all > less ? all - less : null);
    }

    private long of(StoreRef source) {
        return bytes.getOrDefault(source, 0L);
    }
}
