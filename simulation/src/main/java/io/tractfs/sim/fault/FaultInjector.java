package io.tractfs.sim.fault;

import io.tractfs.id.TractId;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.metadata.Consensus;
import io.tractfs.sim.metadata.MetadataNode;
import io.tractfs.sim.store.StoreDisk;
import io.tractfs.sim.store.StoreNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets things go wrong until it is told to stop, then repairs everything. Not thread-safe. */
public final class FaultInjector {
    private static final int MOST_OUTAGE_MS = 5_000;
    /** Longer than a store may be away before a plan replaces it. */
    private static final long AWAY_NANOS = 4_500_000_000L;

    /** Longer than a store may be silent. */
    private static final long SUSPICION_NANOS = 2_000_000_000L;

    /** Longer than a lease lasts that somebody wants. */
    private static final int LEASE_MS = 2_700;

    /** Enough for a store to start and register. */
    private static final long SETTLED_NANOS = 1_500_000_000;

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

    /**
     * What can be struck. Immutable.
     *
     * @param mayLosePower whether others have what a store's disk may lose in part
     * @param mayBeReplaced whether others have all that is on a store's disk
     * @param whatIsThere looks what is there; what it gives says whether that is still there, on some disk at least
     * @param damageable tracts whose bytes may go wrong on a store's disk
     * @param insertEmptyDisk puts a new disk into a store whose process does not run
     */
    public record Targets(
            List<StoreNode> stores,
            List<MetadataNode> servers,
            List<Startable> clients,
            Predicate<StoreNode> mayLosePower,
            Predicate<StoreNode> mayBeReplaced,
            Supplier<BooleanSupplier> whatIsThere,
            Function<StoreNode, List<TractId>> damageable,
            Consumer<StoreNode> insertEmptyDisk,
            List<Writing> writers) {}

    /**
     * A process that writes. Immutable.
     *
     * @param want lets the others want what it is about to tell its user to be safe; false if there is no such file
     */
    public record Writing(Startable target, BooleanSupplier want) {}

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
            case POWER_LOSS_EVERYWHERE -> losePowerEverywhere();
            case STORE_AWAY -> strikeStore(kind, this::sendAway);
            case BIT_FLIP -> damage(kind, false);
            case MISDIRECTED_WRITE -> damage(kind, true);
            case OLD_DISK -> strikeStore(kind, this::revert);
            case EMPTY_DISK -> strikeStore(kind, this::empty);
            case DISK_FAILURE -> strikeStore(kind, this::failDisk);
            case DISK_FULL -> strikeStore(kind, this::fillDisk);
            case ONE_WAY_CUT -> cut(false);
            case PARTITION -> cut(true);
            case STORE_CUT_OFF -> strikeStore(kind, this::cutOff);
            case SPLIT -> split();
            case RESET -> reset();
            case ELECTION -> elect();
            case LEADER_KILL -> strikeLeader(kind);
            case LEADER_FREEZE -> strikeLeader(kind);
            case CLOCK_JUMP -> jump();
            case CLIENT_KILL -> strikeClient(kind);
            case CLIENT_FREEZE -> strikeClient(kind);
            case LEASE_LOSS -> loseLease();
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
        time.note("fault " + number + " " + kind + " " + struck.process() + " " + struck);
        blow.strike(struck);
        return true;
    }

    private boolean losePower() {
        return strikeStore(FaultKind.POWER_LOSS, node -> {
            List<StoreNode> may =
                    node.siblings().stream().filter(targets.mayLosePower()).toList();
            kill(node.process(), node::start);
            may.forEach(struck -> struck.disk().losePower(new Random(drawn.nextLong())));
        });
    }

    /**
     * One after the other, so that the holders of a row lose different parts. A disk keeps everything if what it would lose is
     * nowhere else.
     */
    private boolean losePowerEverywhere() {
        time.note("fault " + number + " " + FaultKind.POWER_LOSS_EVERYWHERE);
        targets.stores().forEach(node -> {
            if (!node.process().isDown()) {
                kill(node.process(), node::start);
            }
        });
        BooleanSupplier isAllThere = targets.whatIsThere().get();
        Random lost = new Random(drawn.nextLong());
        List<StoreNode> order = new ArrayList<>(targets.stores());
        Collections.shuffle(order, lost);
        for (StoreNode node : order) {
            StoreDisk.Image before = node.disk().image();
            node.disk().losePower(lost);
            if (!isAllThere.getAsBoolean()) {
                node.disk().restore(before);
                node.disk().becomeUnclean();
            }
        }
        return true;
    }

    private void sendAway(StoreNode node) {
        node.process().kill();
        tellLeaders(node.process());
        time.after(AWAY_NANOS + outageNanos(), () -> {
            if (node.process().isDown()) {
                time.note("start " + node.process());
                node.start();
            }
        });
    }

    private void cutOff(StoreNode node) {
        List<SimulatedProcess> servers =
                targets.servers().stream().map(MetadataNode::process).toList();
        cut(List.of(node.process()), servers, true, SUSPICION_NANOS + outageNanos());
    }

    /** Every process is on one of two sides. */
    private boolean split() {
        List<SimulatedProcess> one = new ArrayList<>();
        List<SimulatedProcess> other = new ArrayList<>();
        everybody().forEach(process -> (drawn.nextInt(3) == 0 ? one : other).add(process));
        boolean bothWays = drawn.nextBoolean();
        time.note("fault " + number + " " + FaultKind.SPLIT + " " + one + (bothWays ? " - " : " > ") + other);
        cut(one, other, bothWays, outageNanos());
        return true;
    }

    private void cut(List<SimulatedProcess> some, List<SimulatedProcess> others, boolean bothWays, long nanos) {
        for (SimulatedProcess from : some) {
            for (SimulatedProcess to : others) {
                network.faults().cut(from, to);
                if (bothWays) {
                    network.faults().cut(to, from);
                }
            }
        }
        time.after(nanos, () -> {
            time.note("join " + some + " - " + others);
            for (SimulatedProcess from : some) {
                for (SimulatedProcess to : others) {
                    network.faults().join(from, to);
                    network.faults().join(to, from);
                }
            }
        });
    }

    /** A copy is made now; the store starts once more with what it has, and later with the copy, if others have what that lacks. */
    private void revert(StoreNode node) {
        StoreDisk disk = node.disk();
        StoreDisk.Image copy = disk.image();
        long laterNanos = SETTLED_NANOS + drawn.nextInt(MOST_OUTAGE_MS) * 1_000_000L;
        SplittableRandom outage = drawn.split();
        kill(node.process(), node::start);
        time.after(laterNanos, () -> {
            if (!stopped && node.process().isUp() && node.disk() == disk && disk.isTold(copy) && mayGo(node)) {
                time.note("old copy of " + node);
                drawn = outage;
                kill(node.process(), node::start);
                disk.revert(copy);
            }
        });
    }

    private void empty(StoreNode node) {
        if (mayGo(node)) {
            time.note("empty disk in place of " + node);
            kill(node.process(), node::start);
            targets.insertEmptyDisk().accept(node);
        } else {
            kill(node.process(), node::start);
        }
    }

    private boolean mayGo(StoreNode node) {
        return targets.mayBeReplaced().test(node);
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

    private boolean loseLease() {
        Writing writer = targets.writers().get(drawn.nextInt(targets.writers().size()));
        SimulatedProcess process = writer.target().process();
        if (!process.isUp() || !writer.want().getAsBoolean()) {
            return false;
        }
        time.note("fault " + number + " " + FaultKind.LEASE_LOSS + " " + process);
        process.freeze();
        time.after((LEASE_MS + drawn.nextInt(MOST_OUTAGE_MS)) * 1_000_000L, () -> {
            time.note("thaw " + process);
            process.thaw();
        });
        return true;
    }

    private List<SimulatedProcess> everybody() {
        Set<SimulatedProcess> all = new LinkedHashSet<>();
        targets.stores().forEach(node -> all.add(node.process()));
        targets.servers().forEach(node -> all.add(node.process()));
        targets.clients().forEach(client -> all.add(client.process()));
        return List.copyOf(all);
    }

    private long outageNanos() {
        int most = drawn.nextInt(3) == 0 ? MOST_OUTAGE_MS : 400;
        return (1L + drawn.nextInt(most)) * 1_000_000;
    }
}
