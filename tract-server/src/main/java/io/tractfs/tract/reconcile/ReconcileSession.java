package io.tractfs.tract.reconcile;

import io.tractfs.error.ErrorCode;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.reconcile.ReconcileEffect.Complete;
import io.tractfs.tract.reconcile.ReconcileEffect.DropDamage;
import io.tractfs.tract.reconcile.ReconcileEffect.Fetch;
import io.tractfs.tract.reconcile.ReconcileEffect.GiveUp;
import io.tractfs.tract.reconcile.ReconcileEffect.ListRow;
import io.tractfs.tract.reconcile.ReconcileEffect.LookUp;
import io.tractfs.tract.reconcile.ReconcileEffect.RecordLost;
import io.tractfs.tract.reconcile.ReconcileEffect.Seal;
import io.tractfs.tract.reconcile.ReconcileEvent.Failed;
import io.tractfs.tract.reconcile.ReconcileEvent.FetchRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Fetched;
import io.tractfs.tract.reconcile.ReconcileEvent.ListRefused;
import io.tractfs.tract.reconcile.ReconcileEvent.Listed;
import io.tractfs.tract.reconcile.ReconcileEvent.LookedUp;
import io.tractfs.tract.reconcile.ReconcileEvent.Lost;
import io.tractfs.tract.reconcile.ReconcileEvent.Pair;
import io.tractfs.tract.reconcile.ReconcileEvent.Sealed;
import io.tractfs.tract.reconcile.ReconcileEvent.Voided;
import io.tractfs.tract.reconcile.ReconcilePlan.Source;
import io.tractfs.tract.store.TractState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one row up to date under one version (P11): source by source, page by page, it compares the source's list with
 * what is here, fetches what differs from the holder that has least to give ({@link SourceLoad}), seals each tract once
 * its last stretch is in, or at once if none is missing, and completes when all is on disk. A source that cannot give a
 * range, or is shorter than the one that was listed, does not hold up the rest: another holder is asked, and what nobody
 * has is counted, and recorded once the rest of its tract is in (P25). A source that cannot even say what a tract held, or whose own copy is being merged (P7), makes the
 * session list every holder. A source
 * that has become shorter than it said itself was cut by writer recovery (P19): the session ends, and another one lists
 * anew. A change of version voids it; what was fetched stays, and the next session fetches the difference. Confined to
 * the store's reconcile loop.
 */
public final class ReconcileSession {
    private final ReconcilePlan plan;
    private final ReconcileLimits limits;
    private final SourceLoad load;
    private final Map<StoreRef, Long> assigned = new HashMap<>();
    private final Deque<Stretch> pending = new ArrayDeque<>();
    private final Map<TractId, Integer> open = new HashMap<>();

    /** Who listed a tract that another holder gives. */
    private final Map<TractId, StoreRef> listedBy = new HashMap<>();

    /** What each source said of the open tracts. */
    private final Map<TractId, Map<StoreRef, TractState>> said = new HashMap<>();

    private final Set<TractId> changed = new HashSet<>();
    private final Set<TractId> sealing = new HashSet<>();
    private final Map<Stretch, Set<StoreRef>> refused = new HashMap<>();
    private final List<Source> sources;

    /** Tracts of which some holder has bytes that it cannot give: what nobody gives of them is lost. Others were removed. */
    private final Set<TractId> kept = new HashSet<>();

    /** Tracts of which no source has said so far what they held. */
    private final Map<TractId, Stretch> unreadable = new LinkedHashMap<>();

    private final LostStretches losses = new LostStretches();

    private int source;
    private boolean asking;
    private @Nullable TractId last;
    private int inFlight;
    private long lostBytes;
    private boolean ended;

    /**
     * A session that has not begun.
     *
     * @param load shared by all sessions of the store
     */
    public ReconcileSession(ReconcilePlan plan, ReconcileLimits limits, SourceLoad load) {
        this.plan = plan;
        this.limits = limits;
        this.load = load;
        this.sources = new ArrayList<>(plan.sources());
        this.last = before(plan.only());
    }

    /** Where the list begins: right before the only tract, or at its beginning. */
    private static @Nullable TractId before(@Nullable TractId only) {
        if (only == null) {
            return null;
        }
        return only.index() > 0
                ? new TractId(only.blob(), only.index() - 1)
                : new TractId(new BlobId(only.blob().value() - 1), Integer.MAX_VALUE);
    }

    /** What it brings. */
    public ReconcilePlan plan() {
        return plan;
    }

    /** Whether it has ended; events that still arrive change nothing. */
    public boolean isEnded() {
        return ended;
    }

    /** Begins: asks the first source for its list. */
    public List<ReconcileEffect> start() {
        List<ReconcileEffect> effects = new ArrayList<>();
        proceed(effects);
        return effects;
    }

    /** Goes on. */
    public List<ReconcileEffect> step(ReconcileEvent event) {
        List<ReconcileEffect> effects = new ArrayList<>();
        if (ended) {
            return effects;
        }
        if (event instanceof Listed listed) {
            onListed(listed, effects);
        } else if (event instanceof LookedUp lookedUp) {
            onLookedUp(lookedUp, effects);
        } else if (event instanceof Fetched fetched) {
            onFetched(fetched.stretch(), effects);
        } else if (event instanceof FetchRefused refusal) {
            onFetchRefused(refusal, effects);
        } else if (event instanceof Lost lost) {
            changed.add(lost.stretch().remote().tract());
            losses.recorded(lost.stretch());
            closeOne(lost.stretch().remote().tract(), effects);
        } else if (event instanceof Sealed done) {
            sealing.remove(done.tract());
        } else if (event instanceof ListRefused refusal) {
            giveUp(refusal.code(), effects);
        } else if (event instanceof Failed failed) {
            giveUp(failed.code(), effects);
        } else if (event instanceof Voided) {
            giveUp(ErrorCode.STALE_VERSION, effects);
        }
        if (!ended) {
            proceed(effects);
        }
        if (ended) {
            assigned.forEach(load::remove);
            assigned.clear();
        }
        return effects;
    }

    private void onListed(Listed page, List<ReconcileEffect> effects) {
        Listed listed = wanted(page);
        load.answered(listed.source());
        if (listed.merging()) {
            listAllHolders();
        }
        if (listed.more() && !listed.tracts().isEmpty()) {
            last = listed.tracts().get(listed.tracts().size() - 1).tract();
        } else {
            source++;
            last = before(plan.only());
        }
        if (listed.tracts().isEmpty()) {
            asking = false;
        } else {
            effects.add(new LookUp(listed.source(), listed.tracts()));
        }
    }

    private Listed wanted(Listed page) {
        @Nullable TractId only = plan.only();
        if (only == null) {
            return page;
        }
        List<TractState> named = page.tracts().stream()
                .filter(state -> state.tract().equals(only))
                .toList();
        return new Listed(page.source(), named, false, page.merging());
    }

    private void onLookedUp(LookedUp lookedUp, List<ReconcileEffect> effects) {
        asking = false;
        for (Pair pair : lookedUp.pairs()) {
            if (pair.deleted()) {
                continue;
            }
            if (pair.remote().isUnreadable()) {
                askAllHolders(lookedUp.source(), pair);
            } else {
                compare(lookedUp.source(), pair, effects);
            }
        }
    }

    private void compare(StoreRef from, Pair pair, List<ReconcileEffect> effects) {
        TractId tract = pair.remote().tract();
        unreadable.remove(tract);
        StoreRef giver = load.leastLoaded(listed(from), plan.holders());
        List<Stretch> sound = Comparison.missing(giver, pair.remote(), pair.local(), limits.pieceBytes());
        List<Stretch> damaged = Comparison.damaged(from, pair.remote(), pair.local(), limits.pieceBytes());
        List<Stretch> beyond = Comparison.beyondEnd(from, pair.remote(), pair.local());
        int parts = sound.size() + damaged.size() + beyond.size();
        if (parts > 0) {
            open.merge(tract, parts, Integer::sum);
            said.computeIfAbsent(tract, absent -> new HashMap<>()).put(from, pair.remote());
        } else if (pair.local().isPresent()) {
            // A session that was voided may have fetched it and left it in the page cache (A7).
            sealing.add(tract);
            effects.add(new Seal(tract));
        }
        pending.addAll(sound);
        sound.forEach(this::assign);
        if (!giver.equals(from)) {
            listedBy.put(tract, from);
        }
        if (!damaged.isEmpty()) {
            kept.add(tract);
        }
        damaged.forEach(stretch -> askAnother(stretch, effects));
        beyond.forEach(stretch -> effects.add(new DropDamage(stretch)));
    }

    /** A source with the classes for which it was listed. */
    private Source listed(StoreRef from) {
        return sources.stream()
                .filter(candidate -> candidate.store().equals(from))
                .findFirst()
                .orElseThrow();
    }

    private void assign(Stretch stretch) {
        long bytes = (long) stretch.to() - stretch.from();
        assigned.merge(stretch.source(), bytes, Long::sum);
        load.add(stretch.source(), bytes);
    }

    private void answered(Stretch stretch) {
        long bytes = (long) stretch.to() - stretch.from();
        inFlight--;
        assigned.merge(stretch.source(), -bytes, Long::sum);
        load.remove(stretch.source(), bytes);
    }

    /** The source does not know how long the tract was, nor whose class it is: whoever holds the row is asked (P25). */
    private void askAllHolders(StoreRef from, Pair pair) {
        TractState remote = pair.remote();
        boolean heldHere = pair.local().filter(here -> !here.isUnreadable()).isPresent();
        if (!heldHere && !open.containsKey(remote.tract())) {
            unreadable.put(remote.tract(), new Stretch(from, remote, 0, remote.length()));
        }
        listAllHolders();
    }

    private void listAllHolders() {
        for (Source holder : plan.holders()) {
            if (!holder.classes().isEmpty() && !sources.contains(holder)) {
                sources.add(holder);
            }
        }
    }

    /** Every holder has been listed, and none can say what these held. */
    private void recordUnreadable(List<ReconcileEffect> effects) {
        for (Stretch lost : unreadable.values()) {
            open.merge(lost.remote().tract(), 1, Integer::sum);
            lostBytes += lost.to() - lost.from();
            effects.add(new RecordLost(lost));
        }
        unreadable.clear();
    }

    private void onFetched(Stretch stretch, List<ReconcileEffect> effects) {
        answered(stretch);
        refused.remove(stretch);
        changed.add(stretch.remote().tract());
        closeOne(stretch.remote().tract(), effects);
    }

    private void onFetchRefused(FetchRefused refusal, List<ReconcileEffect> effects) {
        Stretch stretch = refusal.stretch();
        answered(stretch);
        if (refusal.code() == ErrorCode.SHORT && isItsOwn(stretch)) {
            giveUp(refusal.code(), effects);
            return;
        }
        switch (refusal.code()) {
            case TRACT_NOT_FOUND -> askAnother(stretch, effects);
            case DAMAGED, CHECKSUM_MISMATCH, SHORT, RECOVERING -> {
                kept.add(stretch.remote().tract());
                askAnother(stretch, effects);
            }
            case CONFLICTING_BYTES -> closeOne(stretch.remote().tract(), effects);
            default -> askTheListed(stretch, refusal.code(), effects);
        }
    }

    /** Whether a stretch was asked from who said that he has it, not in another's place. */
    private boolean isItsOwn(Stretch stretch) {
        Map<StoreRef, TractState> states = said.getOrDefault(stretch.remote().tract(), Map.of());
        return stretch.remote().equals(states.get(stretch.source()));
    }

    /** A holder that was asked in the listed one's place cannot be reached: that says nothing about the bytes. */
    private void askTheListed(Stretch stretch, ErrorCode code, List<ReconcileEffect> effects) {
        load.failed(stretch.source());
        @Nullable StoreRef listed = listedBy.get(stretch.remote().tract());
        if (listed == null || listed.equals(stretch.source())) {
            giveUp(code, effects);
        } else {
            Stretch again = stretch.from(listed);
            pending.addFirst(again);
            assign(again);
        }
    }

    /** Another holder may have what this one lost. */
    private void askAnother(Stretch stretch, List<ReconcileEffect> effects) {
        Set<StoreRef> tried = refused.remove(stretch);
        Set<StoreRef> all = tried == null ? new HashSet<>() : tried;
        all.add(stretch.source());
        for (Source holder : plan.holders()) {
            if (!all.contains(holder.store())) {
                Stretch again = stretch.from(holder.store());
                refused.put(again, all);
                pending.addFirst(again);
                assign(again);
                return;
            }
        }
        if (kept.contains(stretch.remote().tract())) {
            lostBytes += stretch.to() - stretch.from();
            losses.add(stretch);
            recordLost(stretch.remote().tract(), effects);
        } else {
            // Who listed it has it no more, nor has anybody else: its blob was deleted meanwhile, here too before long.
            closeOne(stretch.remote().tract(), effects);
        }
    }

    private void closeOne(TractId tract, List<ReconcileEffect> effects) {
        Integer left = open.computeIfPresent(tract, (ignored, count) -> count == 1 ? null : count - 1);
        if (left == null) {
            listedBy.remove(tract);
            said.remove(tract);
        }
        if (left == null && changed.remove(tract)) {
            sealing.add(tract);
            effects.add(new Seal(tract));
        }
        recordLost(tract, effects);
    }

    private void recordLost(TractId tract, List<ReconcileEffect> effects) {
        losses.next(tract, open.getOrDefault(tract, 0)).ifPresent(stretch -> effects.add(new RecordLost(stretch)));
    }

    private void proceed(List<ReconcileEffect> effects) {
        while (inFlight < limits.fetches() && !pending.isEmpty()) {
            inFlight++;
            effects.add(new Fetch(pending.removeFirst()));
        }
        boolean allListed = source == sources.size();
        if (pending.isEmpty() && !asking && !allListed) {
            asking = true;
            Source next = sources.get(source);
            effects.add(new ListRow(next.store(), plan.row(), plan.version(), next.classes(), last, pageEntries()));
        }
        if (allListed && !asking) {
            recordUnreadable(effects);
        }
        if (allListed && !asking && open.isEmpty() && sealing.isEmpty()) {
            ended = true;
            effects.add(new Complete(plan.row(), plan.version(), plan.classes(), lostBytes));
        }
    }

    private int pageEntries() {
        return plan.only() == null ? limits.pageEntries() : 1;
    }

    private void giveUp(ErrorCode code, List<ReconcileEffect> effects) {
        ended = true;
        effects.add(new GiveUp(plan.row(), code));
    }
}
