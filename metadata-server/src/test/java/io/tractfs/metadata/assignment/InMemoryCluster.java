package io.tractfs.metadata.assignment;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The core with stores, a log and a clock in memory, all in one thread. Messages are delivered in order; a filter loses
 * those that a script wants lost. Not thread-safe.
 */
final class InMemoryCluster {
    static final int ROWS = 16;
    private static final long TICK_MS = 50;
    private static final long CALL_TIMEOUT_MS = 1000;
    private static final int MOST_STEPS = 2000;

    final Map<Integer, InMemoryStore> stores = new TreeMap<>();
    final RowVersion[] floors = new RowVersion[ROWS];
    final Map<Integer, Row> table = new TreeMap<>();
    final List<Effect> seen = new ArrayList<>();
    final Map<StoreId, Event.KnownStore> register = new TreeMap<>();
    /** Effects for which this is true get lost. */
    Predicate<Effect> lost = effect -> false;

    AssignmentCore core;
    boolean serving;
    boolean steppedDown;
    private final int expected;
    private final Deque<Effect> effects = new ArrayDeque<>();
    private final Map<Long, List<Event>> timeouts = new TreeMap<>();
    private final Set<StoreId> known = new HashSet<>();
    private int epoch;
    private long now = TimeUnit.SECONDS.toNanos(1000);

    InMemoryCluster(int storeCount) {
        expected = storeCount;
        Arrays.fill(floors, RowVersion.NONE);
        core = newCore();
        for (int i = 1; i <= storeCount; i++) {
            stores.put(i, new InMemoryStore(i));
        }
    }

    private AssignmentCore newCore() {
        long ms = 1_000_000;
        AssignmentConfig.Timing timing =
                new AssignmentConfig.Timing(750 * ms, 2000 * ms, 500 * ms, 300 * ms, 20_000 * ms, 10_000 * ms);
        return new AssignmentCore(new AssignmentConfig(ROWS, 3, expected, timing));
    }

    /** A cluster whose rows are placed and in sync. */
    static InMemoryCluster placed(int storeCount) {
        InMemoryCluster cluster = new InMemoryCluster(storeCount);
        cluster.lead();
        cluster.stores.values().forEach(cluster::register);
        cluster.pass(1000);
        return cluster;
    }

    InMemoryStore store(int number) {
        return Objects.requireNonNull(stores.get(number));
    }

    /** A new leader begins. */
    void lead() {
        epoch++;
        serving = false;
        steppedDown = false;
        core = newCore();
        table.clear();
        effects.clear();
        timeouts.clear();
        known.clear();
        step(new Event.LeadershipGained(
                new Epoch(epoch), new Lineage(new UUID(7, epoch)), List.of(floors), List.copyOf(register.values())));
    }

    void register(InMemoryStore store) {
        register.put(
                store.id(),
                new Event.KnownStore(
                        store.id(), store.ref().incarnation(), store.info().server(), false));
        known.add(store.id());
        step(new Event.StoreRegistered(store.info(), new StoreSpace(1 << 30, 0, 1 << 30, 0)));
    }

    void kill(int number) {
        store(number).running = false;
        step(new Event.ConnectionLost(ServerAddress.of(store(number).info())));
    }

    void restart(int number) {
        store(number).restart();
        register(store(number));
    }

    /** Lets time pass: heartbeats of all stores that run, and ticks. */
    void pass(long ms) {
        for (long passed = 0; passed < ms; passed += TICK_MS) {
            now += TimeUnit.MILLISECONDS.toNanos(TICK_MS);
            for (InMemoryStore store : stores.values()) {
                if (store.running && !store.frozen && register.containsKey(store.id())) {
                    if (!known.contains(store.id())) {
                        register(store); // The leader says that it does not know it.
                    }
                    step(new Event.Heartbeat(store.ref(), new StoreSpace(1 << 30, 0, 1 << 30, 0), store.leaving, ""));
                }
            }
            for (long due : List.copyOf(timeouts.keySet())) {
                if (due <= now) {
                    Objects.requireNonNull(timeouts.remove(due)).forEach(this::step);
                }
            }
            step(new Event.Tick());
        }
    }

    /** A call got no answer. */
    private void timeOut(Event failure) {
        timeouts.computeIfAbsent(now + TimeUnit.MILLISECONDS.toNanos(CALL_TIMEOUT_MS), unused -> new ArrayList<>())
                .add(failure);
    }

    void jump(long ms) {
        now += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    void step(Event event) {
        take(core.step(event, now));
        int steps = 0;
        while (!effects.isEmpty()) {
            Effect effect = effects.poll();
            if (++steps > MOST_STEPS) {
                throw new AssertionError("No end after " + event + ": " + effect);
            }
            if (!lost.test(effect)) {
                carryOut(effect);
            }
        }
    }

    private void answer(Event event) {
        take(core.step(event, now));
    }

    private void take(List<Effect> more) {
        seen.addAll(more);
        effects.addAll(more);
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.SendGrant grant) {
            @Nullable InMemoryStore store = reach(grant.to());
            if (store == null) {
                answer(new Event.GrantFailed(grant.to(), grant.asking(), CallFailure.REFUSED));
            } else if (store.frozen) {
                timeOut(new Event.GrantFailed(grant.to(), grant.asking(), CallFailure.SILENT));
            } else {
                answer(store.grant(new Epoch(epoch), grant));
            }
        } else if (effect instanceof Effect.SendProposal proposal) {
            propose(proposal);
        } else if (effect instanceof Effect.SendPublish publish) {
            publish(publish);
        } else if (effect instanceof Effect.CommitFloors commit) {
            commit.floors().forEach((row, version) -> {
                assertGrows(floors[row], version);
                floors[row] = version;
            });
            answer(new Event.FloorsCommitted(commit.batch()));
        } else if (effect instanceof Effect.PublishRows rows) {
            rows.rows().forEach(row -> table.put(row.index(), row));
        } else if (effect instanceof Effect.Probe probe) {
            probe(probe);
        } else if (effect instanceof Effect.ServeWrites) {
            serving = true;
        } else if (effect instanceof Effect.StepDown) {
            steppedDown = true;
        }
    }

    private static void assertGrows(RowVersion before, RowVersion after) {
        if (!after.isAfter(before)) {
            throw new AssertionError("Floor " + before + " would become " + after);
        }
    }

    private @Nullable InMemoryStore reach(StoreRef ref) {
        return stores.values().stream()
                .filter(store -> store.running && store.ref().equals(ref))
                .findFirst()
                .orElse(null);
    }

    private void propose(Effect.SendProposal proposal) {
        @Nullable InMemoryStore store = reach(proposal.to());
        if (store == null) {
            answer(new Event.SendFailed(proposal.to(), proposal.message(), CallFailure.REFUSED));
        } else if (store.frozen || store.hungOverProposals) {
            timeOut(new Event.SendFailed(proposal.to(), proposal.message(), CallFailure.SILENT));
        } else {
            answer(new Event.ProposalAnswered(
                    proposal.to(),
                    proposal.message(),
                    proposal.rows().stream().map(store::accept).toList()));
        }
    }

    private void publish(Effect.SendPublish publish) {
        @Nullable InMemoryStore store = reach(publish.to());
        if (store == null) {
            answer(new Event.SendFailed(publish.to(), publish.message(), CallFailure.REFUSED));
        } else if (store.frozen) {
            timeOut(new Event.SendFailed(publish.to(), publish.message(), CallFailure.SILENT));
        } else {
            List<Event.HeldState> reports = store.publish(publish);
            answer(new Event.PublishAnswered(publish.to(), publish.message()));
            if (!reports.isEmpty()) {
                answer(new Event.HeldReported(publish.to(), reports));
            }
        }
    }

    private void probe(Effect.Probe probe) {
        InMemoryStore store = stores.values().stream()
                .filter(one -> ServerAddress.of(one.info()).equals(probe.server()))
                .findFirst()
                .orElseThrow();
        if (!store.running) {
            answer(new Event.ProbeFailed(probe.server(), CallFailure.REFUSED));
        } else if (store.frozen) {
            answer(new Event.ProbeFailed(probe.server(), CallFailure.SILENT));
        } else {
            answer(new Event.ProbeAnswered(probe.server(), List.of(store.ref())));
        }
    }

    /** Numbers of the members of a row, 0 where a column is vacant. */
    List<Integer> members(int row) {
        List<Integer> members = new ArrayList<>();
        for (int column = 0; column < 3; column++) {
            Member member = row(row).columns().at(column);
            members.add(member == null ? 0 : (int) member.ref().store().value().getLeastSignificantBits());
        }
        return members;
    }

    /** A row as clients see it. */
    Row row(int index) {
        return Objects.requireNonNull(table.get(index));
    }

    ClassSet held(int row, int store) {
        return row(row).member(store(store).id()).orElseThrow().held();
    }

    boolean isWholeInSync(int row) {
        Row shown = row(row);
        for (int column = 0; column < 3; column++) {
            if (!shown.isInSync(column)) {
                return false;
            }
        }
        return shown.waiting().isEmpty();
    }

    Map<Integer, Integer> columnsByStore() {
        Map<Integer, Integer> columns = new HashMap<>();
        for (int row = 0; row < ROWS; row++) {
            members(row).forEach(member -> columns.merge(member, 1, Integer::sum));
        }
        return columns;
    }

    ClusterId cluster() {
        return new ClusterId(new UUID(1, 1));
    }
}
