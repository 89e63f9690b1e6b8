package io.tractfs.sim;

import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.sim.client.ReaderNode;
import io.tractfs.sim.client.WriterNode;
import io.tractfs.sim.fault.FaultKind;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Trace;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.metadata.MetadataNode;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run: a cluster starts, works under faults, the faults stop, everything has to settle. The same seed gives the same
 * run. Not thread-safe.
 */
public final class Simulation {
    private static final long SECOND = 1_000_000_000;
    private static final long CALM_START_NANOS = 2 * SECOND;
    private static final long CHECK_NANOS = SECOND / 5;
    private static final long SETTLE_LIMIT_NANOS = 120 * SECOND;

    private final Scenario scenario;
    private final Trace trace;
    private final EventQueue time;
    private final SimulatedCluster cluster;

    private Simulation(Scenario scenario, Consumer<String> listener) {
        this.scenario = scenario;
        this.trace = new Trace(listener);
        this.time = new EventQueue(trace);
        this.cluster = new SimulatedCluster(scenario, time);
    }

    /**
     * Runs a seed.
     *
     * @param off rules to switch off
     * @param listener told of every line of the trace
     * @throws SimulationFailure if a promise was broken
     */
    public static SimulationResult run(long seed, Set<Rule> off, Consumer<String> listener) {
        return run(seed, off, Set.of(), listener);
    }

    /**
     * Runs a seed with faults that it need not draw.
     *
     * @param more kinds that are on
     * @throws SimulationFailure if a promise was broken
     */
    public static SimulationResult run(long seed, Set<Rule> off, Set<FaultKind> more, Consumer<String> listener) {
        return run(seed, off, more, Omissions.NONE, listener);
    }

    /** Runs a seed without some of what it draws. */
    static SimulationResult run(
            long seed, Set<Rule> off, Set<FaultKind> more, Omissions omissions, Consumer<String> listener) {
        Simulation simulation = new Simulation(Scenario.of(seed, off, more, omissions), listener);
        try {
            return simulation.run();
        } catch (RuntimeException e) {
            throw new SimulationFailure(simulation.scenario, simulation.seen(), e);
        }
    }

    private SimulationFailure.Seen seen() {
        List<Integer> files = cluster.writers.stream()
                .flatMap(writer -> writer.begun().stream())
                .sorted()
                .toList();
        return new SimulationFailure.Seen(time.events(), trace.lastLines(), cluster.faults.struck(), files);
    }

    private SimulationResult run() {
        cluster.start();
        checkLater();
        advance(CALM_START_NANOS);
        cluster.faults.start();
        advance(CALM_START_NANOS + scenario.faultNanos());
        cluster.faults.stop();
        cluster.drain();
        settle();
        return new SimulationResult(
                scenario.seed(),
                trace.hash(),
                time.events(),
                cluster.network.calls(),
                time.nowMs(),
                cluster.writers.stream().mapToLong(WriterNode::closed).sum(),
                cluster.readers.stream().mapToLong(ReaderNode::reads).sum(),
                cluster.readers.stream().mapToLong(ReaderNode::tails).sum(),
                cluster.namespace.commands(),
                cluster.faults.counts());
    }

    private void checkLater() {
        time.after(CHECK_NANOS, () -> {
            cluster.durability.checkAll();
            checkLater();
        });
    }

    private void advance(long untilNanos) {
        boolean more = true;
        while (more && time.nowNanos() < untilNanos) {
            more = time.runNext();
        }
    }

    /** Liveness: with all faults gone, every row gets in sync and every call is answered. */
    private void settle() {
        long stopped = time.nowNanos();
        while (!isSettled(stopped)) {
            if (time.nowNanos() - stopped > SETTLE_LIMIT_NANOS) {
                throw new Violation("liveness", "not settled: " + describe());
            }
            advance(time.nowNanos() + SECOND / 10);
        }
        @Nullable MetadataNode leader = cluster.consensus.leader();
        if (leader != null) {
            leader.image().ifPresent(cluster.quiescence::check);
        }
    }

    private boolean isSettled(long stoppedNanos) {
        boolean written = cluster.writers.stream().allMatch(WriterNode::isIdle);
        boolean read = cluster.readers.stream()
                .allMatch(reader -> reader.waitingSinceNanos() < 0 || reader.waitingSinceNanos() > stoppedNanos);
        return written
                && read
                && cluster.namespace.open().isEmpty()
                && view().filter(this::isInSync).isPresent()
                && cluster.quiescence.garbage().isEmpty()
                && !cluster.quiescence.isMerging()
                && image().filter(table -> cluster.quiescence.unhealed(table).isEmpty())
                        .isPresent();
    }

    private boolean isInSync(ClusterView view) {
        ClusterView.RowCounts counts = view.counts();
        int unsettled = counts.recovering() + counts.vacant() + counts.frozen() + counts.down() + counts.planned();
        Set<StoreRef> known =
                view.stores().stream().map(ClusterView.StoreView::ref).collect(Collectors.toSet());
        return view.granted()
                && cluster.stores.stream()
                        .allMatch(node -> known.contains(node.disk().ref()))
                && unsettled == 0
                && counts.inSync() == scenario.size().rows();
    }

    private Optional<TableImage> image() {
        @Nullable MetadataNode leader = cluster.consensus.leader();
        return leader == null ? Optional.empty() : leader.image();
    }

    private Optional<ClusterView> view() {
        @Nullable MetadataNode leader = cluster.consensus.leader();
        return leader == null ? Optional.empty() : leader.view();
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        text.append("garbage ").append(cluster.quiescence.garbage()).append(' ');
        text.append("merging ").append(cluster.quiescence.isMerging()).append(' ');
        text.append("open files ").append(cluster.namespace.open()).append(' ');
        view().ifPresent(view -> text.append(view.counts()));
        image().flatMap(cluster.quiescence::unhealed)
                .ifPresent(what -> text.append("\n  not healed: ").append(what));
        cluster.writers.forEach(writer -> text.append("\n  ").append(writer));
        cluster.readers.forEach(reader -> text.append("\n  ")
                .append(reader.process())
                .append(" waits since ")
                .append(reader.waitingSinceNanos()));
        return text.toString();
    }
}
