package io.tractfs.metadata.assignment;

import io.tractfs.id.Epoch;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.planning.PlannedRow;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All state of one leadership, from its epoch entry to its end: takes an event in, then plans, sends, commits and
 * publishes what follows from it. Confined to the assignment loop.
 */
final class Leadership {
    /** Most rows that a tick looks at though nothing is known to have changed. */
    private static final int SWEPT_AT_ONCE = 512;

    final StoreTable stores;
    final RowTable rows;
    final Suspicion suspicion;
    final Complaints complaints;
    final Outbox outbox;
    final Publisher publisher;
    final Rebuild rebuild;
    final Proposals proposals;

    private final Epoch epoch;
    private final AssignmentConfig config;
    private final ActiveTime time;
    private final FloorCommits commits = new FloorCommits();
    final RowPlanning planning;
    private final StoreWatch watch = new StoreWatch(this);
    private final StoreAnswers answers = new StoreAnswers(this);
    private final Set<StoreId> removed = new HashSet<>();
    private long nextGrowth;
    private long nextSweep;
    private int sweptTo;
    /** Whether growth found nothing to move since the stores last changed. */
    private boolean even;

    Leadership(Event.LeadershipGained start, AssignmentConfig config, long nowNanos) {
        this.epoch = start.epoch();
        this.config = config;
        this.time = new ActiveTime(nowNanos);
        this.nextGrowth = nowNanos + config.timing().deathNanos();
        this.nextSweep = nextGrowth;
        this.stores = new StoreTable(start.register(), config.timing());
        this.rows = new RowTable(start.floors(), config.columns());
        this.suspicion = new Suspicion(stores, config.timing());
        this.complaints = new Complaints(config.timing().deathNanos());
        this.outbox = new Outbox(rows, config.timing());
        this.publisher = new Publisher(stores, rows, outbox);
        this.rebuild = new Rebuild(stores, rows, publisher);
        this.proposals = new Proposals(rows, outbox, commits, publisher);
        CaseBuilder cases = new CaseBuilder(stores, complaints, outbox);
        this.planning = new RowPlanning(config, epoch, rows, stores, cases);
    }

    /** The time that its deadlines and last signs of life are counted in. */
    long activeTime(long nowNanos) {
        return time.at(nowNanos);
    }

    Epoch epoch() {
        return epoch;
    }

    /** With no store in the register there is nobody to fence: writes are served at once. */
    void begin(long nowNanos, Consumer<Effect> effects) {
        if (stores.reachMajority(time.at(nowNanos))) {
            effects.accept(new Effect.ServeWrites());
        }
    }

    void step(Event event, long nowNanos, Consumer<Effect> effects) {
        long now = time.at(nowNanos);
        if (event instanceof Event.OfLiveness sign) {
            watch.take(sign, now, effects);
        } else if (event instanceof Event.OfStore answer) {
            answers.take(answer, now, effects);
        } else if (event instanceof Event.OfLog entry) {
            takeLog(entry, effects);
        } else if (event instanceof Event.StoreGivenUp verdict) {
            stores.giveUp(verdict.store(), now);
        } else if (event instanceof Event.StoreDrained word) {
            stores.drain(word.store(), word.draining());
        } else if (event instanceof Event.Tick) {
            tick(now, effects);
        }
        settle(event, now);
        stores.takeNotes().forEach(effects);
        commits.flush(effects);
        outbox.flush(now, effects);
        publisher.flush(effects);
    }

    private void takeLog(Event.OfLog event, Consumer<Effect> effects) {
        if (event instanceof Event.FloorsCommitted committed) {
            proposals.committed(commits.done(committed.batch()));
        } else if (event instanceof Event.FloorsFailed failed) {
            commits.again(failed.batch());
        } else if (event instanceof Event.FloorsRefused) {
            effects.accept(new Effect.StepDown("the log has a newer epoch than " + epoch));
        }
    }

    private void tick(long now, Consumer<Effect> effects) {
        stores.expire(now);
        suspicion.tick(now, effects);
        answers.tick(now, effects);
        complaints.expire(now).forEach(rows::touch);
        if (outbox.forgive(now)) {
            rows.touchAll();
        }
        for (StoreId store : outbox.silent(now)) {
            @Nullable StoreEntry entry = stores.get(store);
            if (entry != null) {
                proposals.touchAwaiting(entry);
            }
        }
        rows.touchPostponed();
        // A net below everything else that touches rows: none stays forgotten for long.
        if (sweptTo > 0 || now >= nextSweep) {
            nextSweep = now + config.timing().deathNanos();
            sweptTo = rows.touchFrom(sweptTo, SWEPT_AT_ONCE);
        }
        if (!even && now >= nextGrowth) {
            nextGrowth = now + config.timing().settleNanos();
            grow(effects);
        }
    }

    /** Once the load is even, nobody takes up old data any more: it is emptied. */
    private void grow(Consumer<Effect> effects) {
        @Nullable List<Row> moved = planning.grow();
        if (moved == null || !stores.hasMajority()) {
            return;
        }
        moved.forEach(row -> proposals.propose(new PlannedRow(row, ClassSet.EMPTY)));
        even = moved.isEmpty();
        if (even) {
            publisher.allowEmpties(true);
            for (int index = 0; index < rows.count(); index++) {
                publisher.orderEmpties(rows.at(index));
            }
            removeUnnamed(effects);
        }
    }

    /** What follows from the event for the rows. */
    private void settle(Event event, long now) {
        boolean allChanged = stores.takeAllChanged();
        List<StoreId> changed = stores.takeChanged();
        boolean storesChanged = allChanged || !changed.isEmpty();
        if (storesChanged) {
            even = false;
            publisher.allowEmpties(false);
            changed.forEach(this::changed);
        }
        if (allChanged) {
            rows.touchAll();
        }
        if (!storesChanged && canWait(event)) {
            return;
        }
        RowPlanning.Round round = planning.plan(now);
        round.planned().forEach(proposals::propose);
        round.unplanned().forEach(publisher::showUnplanned);
        if (storesChanged) {
            publisher.recheck();
        }
    }

    /**
     * Events that come by the hundred while rows move, and after which few rows need a plan: those are planned at the next
     * tick, all at once, so that publishing keeps up.
     */
    private static boolean canWait(Event event) {
        return event instanceof Event.FloorsCommitted
                || event instanceof Event.ProposalAnswered
                || event instanceof Event.PublishAnswered
                || event instanceof Event.HeldReported;
    }

    /** A store has come, gone, or said what it has: only rows that name it, and those that lack one, are looked at. */
    private void changed(StoreId store) {
        @Nullable StoreEntry entry = stores.get(store);
        if (entry == null) {
            return;
        }
        rows.touch(store);
        if (entry.isUsable()) {
            proposals.proposeAgain(entry);
        } else if (entry.standing != Standing.LIVE) {
            outbox.drop(store);
            rows.forEachNaming(store, row -> row.dropCopy(store));
        }
    }

    /** A dead store that no row names any more leaves the majority (P12); it may come back all the same. */
    private void removeUnnamed(Consumer<Effect> effects) {
        Set<StoreId> dead = new HashSet<>();
        for (StoreEntry entry : stores.all()) {
            if (entry.standing == Standing.DEAD && !entry.removed && stores.hasMajority()) {
                dead.add(entry.store);
            }
        }
        if (rows.anyUnsettled(this::isUnknown)) {
            return;
        }
        for (StoreId store : List.copyOf(dead)) {
            rows.forEachNaming(store, row -> {
                if (isNamed(row.base(), store) || isNamed(row.intended(), store)) {
                    dead.remove(store);
                }
            });
        }
        for (StoreId store : dead) {
            if (removed.add(store)) {
                effects.accept(new Effect.RemoveStore(store));
            }
        }
    }

    private boolean isUnknown(int index) {
        RowState row = rows.at(index);
        return !row.isUp() && !row.floor().equals(RowVersion.NONE);
    }

    /** Whether this leadership removed a store, which then came back. */
    boolean takeRemoved(StoreId store) {
        return removed.remove(store);
    }

    private static boolean isNamed(Row row, StoreId store) {
        @Nullable Member member = row.member(store).orElse(null);
        return member != null
                || row.waiting().stream().anyMatch(away -> away.store().equals(store));
    }
}
