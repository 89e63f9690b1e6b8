package io.tractfs.sim.fault;

import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.metadata.Consensus;
import io.tractfs.sim.metadata.MetadataNode;
import io.tractfs.sim.store.StoreNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lets things go wrong until it is told to stop, then repairs everything. Not thread-safe. */
public final class FaultInjector {
    private static final int MOST_OUTAGE_MS = 5_000;
    private static final int MOST_JUMP_MS = 7_200_000;

    private final EventQueue time;
    private final Network network;
    private final Consensus consensus;
    private final Targets targets;
    private final Plan plan;
    private final SplittableRandom random;
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private final List<Integer> struck = new ArrayList<>();
    private SplittableRandom drawn;
    private int number;
    private boolean stopped;

    /** A process and what starts it again. Immutable. */
    public record Startable(SimulatedProcess process, Runnable start) {}

    /** What can be struck. Immutable. */
    public record Targets(
            List<StoreNode> stores,
            List<MetadataNode> servers,
            List<Startable> clients,
            Predicate<StoreNode> mayLosePower,
            Function<StoreNode, List<TractId>> damageable) {}

    /**
     * How often and what. Immutable.
     *
     * @param kinds to draw from
     * @param pauseMs longest pause between two faults
     * @param mostStoresOut most stores that are dead or frozen at a time
     * @param omitted numbers of faults that do not strike, from 1 on
     */
    public record Plan(List<FaultKind> kinds, int pauseMs, int mostStoresOut, Set<Integer> omitted) {}

    /** An injector that has not begun. */
    public FaultInjector(
            EventQueue time,
            Network network,
            Consensus consensus,
            Targets targets,
            Plan plan,
            SplittableRandom random) {
        this.time = time;
        this.network = network;
        this.consensus = consensus;
        this.targets = targets;
        this.plan = plan;
        this.random = random;
        this.drawn = random;
    }

    /** Begins. */
    public void start() {
        time.after((1 + random.nextInt(plan.pauseMs())) * 1_000_000L, () -> {
            if (!stopped) {
                number++;
                drawn = random.split(); // One for each, so that leaving one out does not change what the others are.
                strike(plan.kinds().get(drawn.nextInt(plan.kinds().size())));
                start();
            }
        });
    }

    /** Faults so far. */
    public Map<FaultKind, Integer> counts() {
        return counts;
    }

    /** Numbers of the faults that struck. */
    public List<Integer> struck() {
        return List.copyOf(struck);
    }

    /** Ends all faults. */
    public void stop() {
        stopped = true;
        time.note("faults stop");
        network.faults().heal();
        targets.stores().forEach(this::repair);
        targets.stores().forEach(node -> revive(new Startable(node.process(), node::start)));
        targets.servers().forEach(node -> revive(new Startable(node.process(), node::start)));
        targets.clients().forEach(FaultInjector::revive);
    }

    /** A store whose disk failed has to be started again. */
    private void repair(StoreNode node) {
        if (node.disk().hasFailed()) {
            node.process().kill();
        }
        node.disk().repair();
    }

    private static void revive(Startable target) {
        target.process().thaw();
        if (target.process().isDown()) {
            target.start().run();
        }
    }

    private void strike(FaultKind kind) {
        if (plan.omitted().contains(number)) {
            return;
        }
        boolean done = switch (kind) {
            case STORE_KILL -> strikeStore(kind, node -> kill(node.process(), node::start));
            case STORE_FREEZE -> strikeStore(kind, node -> freeze(node.process()));
            case POWER_LOSS -> losePower();
            case BIT_FLIP -> damage(kind, false);
            case MISDIRECTED_WRITE -> damage(kind, true);
            case DISK_FAILURE -> strikeStore(kind, this::failDisk);
            case DISK_FULL -> strikeStore(kind, this::fillDisk);
            case ONE_WAY_CUT -> cut(false);
            case PARTITION -> cut(true);
            case RESET -> reset();
            case ELECTION -> elect();
            case LEADER_KILL -> strikeLeader(kind);
            case LEADER_FREEZE -> strikeLeader(kind);
            case CLOCK_JUMP -> jump();
            case CLIENT_KILL -> strikeClient(kind);
            case CLIENT_FREEZE -> strikeClient(kind);
        };
        if (done) {
            struck.add(number);
            counts.merge(kind, 1, Integer::sum);
        }
    }

    private interface Blow {
        void strike(StoreNode node);
    }

    private boolean strikeStore(FaultKind kind, Blow blow) {
        List<StoreNode> up =
                targets.stores().stream().filter(node -> node.process().isUp()).toList();
        int out = targets.stores().size() - up.size();
        if (up.isEmpty() || out >= plan.mostStoresOut()) {
            return false;
        }
        StoreNode struck = up.get(drawn.nextInt(up.size()));
        time.note("fault " + number + " " + kind + " " + struck.process());
        blow.strike(struck);
        return true;
    }

    private boolean losePower() {
        return strikeStore(FaultKind.POWER_LOSS, node -> {
            boolean may = targets.mayLosePower().test(node);
            kill(node.process(), node::start);
            if (may) {
                node.disk().losePower(new Random(drawn.nextLong()));
            }
        });
    }

    /** Only where another disk has the bytes too: what is wrong everywhere nobody can bring back. */
    private boolean damage(FaultKind kind, boolean wholeChunk) {
        StoreNode node = targets.stores().get(drawn.nextInt(targets.stores().size()));
        List<TractId> tracts = targets.damageable().apply(node);
        if (tracts.isEmpty()) {
            return false;
        }
        TractId tract = tracts.get(drawn.nextInt(tracts.size()));
        int length = node.disk().state(tract).orElseThrow().length();
        int offset = drawn.nextInt(length);
        time.note("fault " + number + " " + kind + " " + node.process() + " tract " + tract + " at " + offset);
        node.disk().damage(tract, offset, wholeChunk);
        return true;
    }

    private void failDisk(StoreNode node) {
        node.disk().fail();
        time.after(outageNanos(), () -> {
            if (!stopped) {
                node.disk().repair();
                kill(node.process(), node::start);
            }
        });
    }

    private void fillDisk(StoreNode node) {
        node.disk().fill();
        time.after(outageNanos(), () -> node.disk().repair());
    }

    private void kill(SimulatedProcess process, Runnable start) {
        process.kill();
        tellLeaders(process);
        time.after(outageNanos(), () -> {
            if (process.isDown()) {
                time.note("start " + process);
                start.run();
            }
        });
    }

    /** The kernel of a machine that is alive closes the dead process's connections. */
    private void tellLeaders(SimulatedProcess dead) {
        boolean isStore = targets.stores().stream().anyMatch(node -> node.process() == dead);
        for (MetadataNode server : targets.servers()) {
            if (isStore && drawn.nextInt(4) > 0) {
                server.process().after(1_000_000L + drawn.nextInt(5_000_000), () -> server.connectionLost(dead));
            }
        }
    }

    private void freeze(SimulatedProcess process) {
        process.freeze();
        time.after(outageNanos(), () -> {
            time.note("thaw " + process);
            process.thaw();
        });
    }

    private boolean cut(boolean bothWays) {
        List<SimulatedProcess> all = everybody();
        SimulatedProcess from = all.get(drawn.nextInt(all.size()));
        SimulatedProcess to = all.get(drawn.nextInt(all.size()));
        if (from == to) {
            return false;
        }
        time.note("fault cut " + from + (bothWays ? " - " : " > ") + to);
        network.faults().cut(from, to);
        if (bothWays) {
            network.faults().cut(to, from);
        }
        time.after(outageNanos(), () -> {
            time.note("join " + from + " - " + to);
            network.faults().join(from, to);
            network.faults().join(to, from);
        });
        return true;
    }

    private boolean reset() {
        List<SimulatedProcess> all = everybody();
        SimulatedProcess one = all.get(drawn.nextInt(all.size()));
        SimulatedProcess other = all.get(drawn.nextInt(all.size()));
        if (one == other) {
            return false;
        }
        network.reset(one, other);
        for (MetadataNode server : targets.servers()) {
            if (server.process() == one && targets.stores().stream().anyMatch(node -> node.process() == other)) {
                server.process().after(0, () -> server.connectionLost(other));
            }
        }
        return true;
    }

    private boolean elect() {
        time.note("fault " + number + " " + FaultKind.ELECTION);
        consensus.elect();
        return true;
    }

    private boolean strikeLeader(FaultKind kind) {
        @Nullable MetadataNode leader = consensus.leader();
        if (leader == null || !leader.process().isUp()) {
            return false;
        }
        time.note("fault " + number + " " + kind + " " + leader.process());
        if (kind == FaultKind.LEADER_KILL) {
            kill(leader.process(), leader::start);
        } else {
            freeze(leader.process());
        }
        return true;
    }

    private boolean jump() {
        MetadataNode server =
                targets.servers().get(drawn.nextInt(targets.servers().size()));
        long ms = drawn.nextInt(2 * MOST_JUMP_MS) - (long) MOST_JUMP_MS;
        time.note("fault " + number + " " + FaultKind.CLOCK_JUMP + " " + server.process() + " by " + ms + " ms");
        server.process().jump(ms);
        return true;
    }

    private boolean strikeClient(FaultKind kind) {
        Startable client = targets.clients().get(drawn.nextInt(targets.clients().size()));
        if (!client.process().isUp()) {
            return false;
        }
        time.note("fault " + number + " " + kind + " " + client.process());
        if (kind == FaultKind.CLIENT_KILL) {
            kill(client.process(), client.start());
        } else {
            freeze(client.process());
        }
        return true;
    }

    private List<SimulatedProcess> everybody() {
        List<SimulatedProcess> all = new ArrayList<>();
        targets.stores().forEach(node -> all.add(node.process()));
        targets.servers().forEach(node -> all.add(node.process()));
        targets.clients().forEach(client -> all.add(client.process()));
        return all;
    }

    private long outageNanos() {
        int most = drawn.nextInt(3) == 0 ? MOST_OUTAGE_MS : 400;
        return (1L + drawn.nextInt(most)) * 1_000_000;
    }
}
