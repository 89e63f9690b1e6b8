package io.tractfs.tract.reconcile;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcilePlan.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many bytes a store has still to fetch from whom, over all its sessions: of the holders that could give a tract, the
 * one with the least is asked, so that a source that is busy with others is left to them. One that could not be reached is
 * not asked in another's place until it gives a list again. Confined to the store's reconcile loop.
 */
public final class SourceLoad {
    private final Map<StoreRef, Long> bytes = new HashMap<>();
    private final Set<StoreRef> silent = new HashSet<>();

    /** The holder to ask for a tract of the listed source's classes: the source itself, unless another has less to give. */
    StoreRef leastLoaded(Source listed, Iterable<Source> holders) {
        StoreRef best = listed.store();
        long least = of(best);
        for (Source holder : holders) {
            if (holder.classes().containsAll(listed.classes())
                    && !silent.contains(holder.store())
                    && of(holder.store()) < least) {
                best = holder.store();
                least = of(best);
            }
        }
        return best;
    }

    /** A source could not be reached, or cannot serve now. */
    void failed(StoreRef source) {
        silent.add(source);
    }

    /** A source gave its list. */
    void answered(StoreRef source) {
        silent.remove(source);
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
