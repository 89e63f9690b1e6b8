package io.tractfs.metadata.assignment;

import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.Candidate;
import io.tractfs.table.StoreInfo;
import io.tractfs.table.StoreRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every store of the register, and who granted the epoch. Confined to the assignment loop. */
final class StoreTable {
    /**
     * A store that lives gets so many death times for a page of its claims: it takes writes meanwhile, and a plan without
     * it would make its copies stale. One that stops living is noticed by its silence.
     */
    private static final int CLAIM_DEATH_TIMES = 5;

    private final Map<StoreId, StoreEntry> entries = new TreeMap<>();
    private final AssignmentConfig.Timing timing;
    private final List<Effect> notes = new ArrayList<>();
    private boolean majority;
    private final Set<StoreId> changed = new TreeSet<>();
    private final Set<StoreId> givenUp = new TreeSet<>();
    private boolean allChanged = true;
    private long firstJoin = Long.MAX_VALUE;
    private long lastJoin;

    StoreTable(List<Event.KnownStore> register, AssignmentConfig.Timing timing) {
        this.timing = timing;
        for (Event.KnownStore known : register) {
            StoreEntry entry = new StoreEntry(new StoreRef(known.store(), known.incarnation()));
            entry.removed = known.removed();
            entry.draining = known.draining();
            mark(entry, known.givenUp());
            entries.put(known.store(), entry);
        }
    }

    Collection<StoreEntry> all() {
        return entries.values();
    }

    @Nullable
    StoreEntry get(StoreId store) {
        return entries.get(store);
    }

    /** The store under its present incarnation; null for any other (P6). */
    @Nullable
    StoreEntry current(StoreRef ref) {
        @Nullable StoreEntry entry = entries.get(ref.store());
        return entry != null && entry.ref.equals(ref) ? entry : null;
    }

    /** Takes a start of a store; null if there is nothing to ask it for: the start is known, or older than the known one. */
    @Nullable
    StoreEntry register(Event.StoreRegistered event, long now) {
        StoreInfo info = event.info();
        StoreEntry entry = entries.computeIfAbsent(info.ref().store(), unused -> new StoreEntry(info.ref()));
        if (info.ref().incarnation().compareTo(entry.ref.incarnation()) < 0) {
            return null;
        }
        boolean sameStart = info.ref().equals(entry.ref) && entry.info != null;
        if (sameStart && entry.standing == Standing.LIVE) {
            if (!info.equals(entry.info)) {
                changed.add(entry.store);
            }
            entry.info = info; // It registered once more; what it was asked for is on its way.
            return null;
        }
        entry.ref = info.ref();
        entry.info = info;
        entry.space = event.space();
        entry.removed = false;
        entry.failure = "";
        entry.leaving = false;
        entry.granted &= sameStart;
        join(entry, now);
        return entry;
    }

    /** A store is there, with claims to be asked for. */
    void join(StoreEntry entry, long now) {
        entry.stand(Standing.LIVE, now);
        notes.add(new Effect.NoteStanding(entry.ref, Standing.LIVE));
        entry.claimed = false;
        entry.suspected = false;
        mark(entry, false);
        entry.overdue = false;
        entry.lastSeen = now;
        entry.awaitedUntil = now + CLAIM_DEATH_TIMES * timing.deathNanos();
        firstJoin = Math.min(firstJoin, now);
        lastJoin = now;
        changed.add(entry.store);
    }

    /** A page of claims came; true if the grants now make a majority for the first time (P12). */
    boolean granted(StoreEntry entry, boolean lastPage, long now) {
        entry.granted = true;
        entry.overdue = false;
        entry.awaitedUntil = now + CLAIM_DEATH_TIMES * timing.deathNanos();
        if (lastPage && !entry.claimed) {
            entry.claimed = true;
            lastJoin = now;
            changed.add(entry.store);
        }
        return reachMajority(now);
    }

    /** More than half of the stores that no plan has removed have granted; with none at all there is nobody to fence. */
    boolean reachMajority(long now) {
        if (majority) {
            return false;
        }
        long counted = entries.values().stream().filter(entry -> !entry.removed).count();
        long granted = entries.values().stream()
                .filter(entry -> !entry.removed && entry.granted)
                .count();
        majority = counted == 0 || 2 * granted > counted;
        if (majority) {
            allChanged = true;
            for (StoreEntry entry : entries.values()) {
                if (entry.standing == Standing.ABSENT) {
                    entry.awaitedUntil = now + timing.deathNanos();
                }
            }
        }
        return majority;
    }

    boolean hasMajority() {
        return majority;
    }

    /** A store is gone, or has failed. */
    void fall(StoreEntry entry, Standing standing, long now) {
        entry.stand(standing, now);
        notes.add(new Effect.NoteStanding(entry.ref, standing));
        changed.add(entry.store);
    }

    /** Lets deadlines pass: those of claims and of announced restarts. */
    void expire(long now) {
        for (StoreEntry entry : entries.values()) {
            if (entry.standing == Standing.ABSENT && majority && now >= entry.awaitedUntil) {
                fall(entry, Standing.DEAD, now);
            } else if (entry.standing == Standing.AWAY && now - entry.since >= timing.graceNanos()) {
                fall(entry, Standing.DEAD, now);
            } else if (entry.standing == Standing.LIVE && !entry.claimed && !entry.isAwaited(now) && !entry.overdue) {
                entry.overdue = true;
                changed.add(entry.store);
            }
        }
    }

    /** Whether empty rows may be placed: the expected stores are there, or, if one is expected, no more are just joining. */
    boolean isSettled(int expectedStores, long now) {
        long usable = entries.values().stream().filter(StoreEntry::isUsable).count();
        if (usable == 0) {
            return false;
        }
        boolean settled = expectedStores > 1 || now - lastJoin >= timing.settleNanos();
        return (usable >= expectedStores && settled) || now - firstJoin >= timing.settleLimitNanos();
    }

    /** Stores that an operator gave up under this leadership, and that have not come back. */
    Set<StoreId> givenUp() {
        return givenUp.isEmpty() ? Set.of() : Set.copyOf(givenUp);
    }

    private void mark(StoreEntry entry, boolean gone) {
        entry.givenUp = gone;
        if (gone) {
            givenUp.add(entry.store);
        } else {
            givenUp.remove(entry.store);
        }
    }

    /** Whether every store that is not given up has said what it holds. */
    boolean everybodyElseIsHere() {
        return entries.values().stream()
                .allMatch(entry ->
                        entry.isUsable() || entry.givenUp || (entry.removed && entry.standing == Standing.DEAD));
    }

    /** An operator says that a store will not come back; one that lives is not given up. */
    void giveUp(StoreId store, long now) {
        @Nullable StoreEntry entry = entries.get(store);
        if (entry != null && entry.standing != Standing.LIVE) {
            mark(entry, true);
            if (entry.standing != Standing.DEAD) {
                fall(entry, Standing.DEAD, now);
            }
            changed.add(store);
        }
    }

    /** An operator has a store emptied, or not any more. */
    void drain(StoreId store, boolean draining) {
        @Nullable StoreEntry entry = entries.get(store);
        if (entry != null && entry.draining != draining) {
            entry.draining = draining;
            changed.add(store);
        }
    }

    /** Stores that may be given columns. */
    int takers() {
        return (int) entries.values().stream()
                .filter(entry -> entry.isUsable() && !entry.draining)
                .count();
    }

    /** Changes of standing since this was last asked. */
    List<Effect> takeNotes() {
        List<Effect> taken = List.copyOf(notes);
        notes.clear();
        return taken;
    }

    /** Whether everything changed that plans depend on, since this was last asked. */
    boolean takeAllChanged() {
        boolean all = allChanged;
        allChanged = false;
        return all;
    }

    /** Stores of which something changed that plans depend on, since this was last asked. */
    List<StoreId> takeChanged() {
        List<StoreId> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    /** The stores that may be members. */
    List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (StoreEntry entry : entries.values()) {
            @Nullable StoreInfo info = entry.info;
            if (entry.isUsable() && info != null) {
                candidates.add(new Candidate(
                        entry.ref, info.server(), info.domain(), entry.space.freeBytes(), entry.draining));
            }
        }
        return candidates;
    }
}
