package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.TractState;
import io.tractfs.tract.store.TractState.Span;
import io.tractfs.tract.store.TractStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on what is damaged in one store: says so once in the log, counts it for reports, and has the rows repaired
 * until nothing is left, at once when something new is found and then less and less often. Confined to the upkeep thread,
 * but for the counts, which any thread may read.
 */
public final class DamageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DamageWatch.class);
    /** So many damaged tracts are repaired at a time; the rest follows. */
    private static final int MOST = 1000;

    private static final long FIRST_PAUSE_MS = 2_000;
    private static final long LONGEST_PAUSE_MS = 60_000;

    private final StoreRef store;
    private final TractStorage tracts;
    private final IntConsumer heal;
    private Set<TractId> known = Set.of();
    private long pauseMs = FIRST_PAUSE_MS;
    private long nextHealMs = Long.MIN_VALUE;
    private volatile Damage damage = Damage.NONE;

    /**
     * A watch that has seen nothing.
     *
     * @param heal told of each row that has damage
     */
    public DamageWatch(StoreRef store, TractStorage tracts, IntConsumer heal) {
        this.store = store;
        this.tracts = tracts;
        this.heal = heal;
    }

    /**
     * What is damaged.
     *
     * @param tracts how many
     * @param bytes of them that cannot be given
     */
    record Damage(int tracts, long bytes) {
        static final Damage NONE = new Damage(0, 0);
    }

    /** What was damaged when it was last looked at. */
    Damage damage() {
        return damage;
    }

    /** Looks at what is known to be damaged now. */
    public void step(int rows, long nowMs) throws TractException {
        List<TractState> states = new ArrayList<>(tracts.damaged(null, MOST));
        note(states);
        if (states.isEmpty()) {
            return;
        }
        if (nowMs >= nextHealMs) {
            nextHealMs = nowMs + pauseMs;
            pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
            Set<Integer> damagedRows = new TreeSet<>();
            states.forEach(state -> damagedRows.add(RowHash.rowOf(state.tract(), rows)));
            damagedRows.forEach(heal::accept);
        }
    }

    private void note(List<TractState> states) {
        long bytes = 0;
        Set<TractId> now = new TreeSet<>();
        for (TractState state : states) {
            now.add(state.tract());
            bytes += state.damaged().stream()
                    .mapToLong(span -> (long) span.to() - span.from())
                    .sum();
            if (!known.contains(state.tract())) {
                LOG.error(
                        "event=damage-found store={} tract={} length={} damaged={}",
                        store,
                        state.tract(),
                        state.length(),
                        text(state.damaged()));
                pauseMs = FIRST_PAUSE_MS;
                nextHealMs = Long.MIN_VALUE;
            }
        }
        for (TractId before : known) {
            if (!now.contains(before)) {
                LOG.info("event=damage-gone store={} tract={}", store, before);
            }
        }
        known = now;
        damage = new Damage(states.size(), bytes);
    }

    private static String text(List<Span> spans) {
        return spans.stream().map(span -> span.from() + "-" + span.to()).collect(Collectors.joining(","));
    }
}
