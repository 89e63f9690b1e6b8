package io.tractfs.metadata.assignment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which stores are dead. Silence, a broken connection or a complaint make a store suspect; a probe of its
 * server settles it: who answers lives, whose port refuses is dead at once, who is silent is dead after the death time.
 * When more than a third of the stores is suspected at once the fault may be the leader's own, and two probes in a row
 * have to fail (P17). Confined to the assignment loop.
 */
final class Suspicion {
    private static final int PROBES_PER_DEATH_TIME = 4;

    private final StoreTable stores;
    private final AssignmentConfig.Timing timing;
    private final Map<ServerAddress, Probing> probing = new HashMap<>();

    /** Probes of one server. */
    private static final class Probing {
        boolean underWay;
        long sentAt;
        int failedInARow;
    }

    Suspicion(StoreTable stores, AssignmentConfig.Timing timing) {
        this.stores = stores;
        this.timing = timing;
    }

    /** A store gave a sign of life. */
    void heard(StoreEntry entry, long now) {
        entry.lastSeen = now;
        entry.suspected = false;
    }

    /** Something speaks against a server. */
    void suspect(ServerAddress server, long now, Consumer<Effect> effects) {
        boolean any = false;
        for (StoreEntry entry : of(server)) {
            entry.suspected = true;
            any = true;
        }
        if (any) {
            probe(server, now, effects);
        }
    }

    /** Lets time pass. */
    void tick(long now, Consumer<Effect> effects) {
        for (StoreEntry entry : stores.all()) {
            @Nullable ServerAddress server = address(entry);
            if (entry.standing != Standing.LIVE || server == null) {
                continue;
            }
            long silence = now - entry.lastSeen;
            entry.suspected |= silence > timing.suspectNanos();
            if (entry.suspected && silence > timing.deathNanos() && failures(server) >= failuresNeeded()) {
                fall(entry, now);
            } else if (entry.suspected) {
                probe(server, now, effects);
            }
        }
    }

    void answered(Event.ProbeAnswered event, long now) {
        probing.remove(event.server());
        for (StoreEntry entry : of(event.server())) {
            if (event.served().contains(entry.ref)) {
                heard(entry, now);
            } else {
                fall(entry, now);
            }
        }
    }

    void failed(Event.ProbeFailed event, long now, Consumer<Effect> effects) {
        Probing state = probing.computeIfAbsent(event.server(), unused -> new Probing());
        state.underWay = false;
        state.failedInARow++;
        if (event.failure() != CallFailure.REFUSED) {
            return;
        }
        if (state.failedInARow < failuresNeeded()) {
            state.sentAt = now - timing.deathNanos();
            probe(event.server(), now, effects);
            return;
        }
        for (StoreEntry entry : of(event.server())) {
            fall(entry, now);
        }
        probing.remove(event.server());
    }

    private void probe(ServerAddress server, long now, Consumer<Effect> effects) {
        Probing state = probing.computeIfAbsent(server, unused -> new Probing());
        boolean overdue = now - state.sentAt > timing.deathNanos() / PROBES_PER_DEATH_TIME;
        boolean first = !state.underWay && state.failedInARow == 0;
        if (first || (!state.underWay && overdue)) {
            state.underWay = true;
            state.sentAt = now;
            effects.accept(new Effect.Probe(server));
        }
    }

    /** A store that announced its restart is away; any other is dead. */
    private void fall(StoreEntry entry, long now) {
        stores.fall(entry, entry.leaving ? Standing.AWAY : Standing.DEAD, now);
    }

    private int failures(ServerAddress server) {
        @Nullable Probing state = probing.get(server);
        return state == null ? 0 : state.failedInARow;
    }

    private int failuresNeeded() {
        long living = 0;
        long suspected = 0;
        for (StoreEntry entry : stores.all()) {
            if (entry.standing == Standing.LIVE) {
                living++;
                suspected += entry.suspected ? 1 : 0;
            }
        }
        return 3 * suspected > living ? 2 : 1;
    }

    private List<StoreEntry> of(ServerAddress server) {
        return stores.all().stream()
                .filter(entry -> entry.standing == Standing.LIVE && server.equals(address(entry)))
                .toList();
    }

    private static @Nullable ServerAddress address(StoreEntry entry) {
        return entry.info == null ? null : ServerAddress.of(entry.info);
    }
}
