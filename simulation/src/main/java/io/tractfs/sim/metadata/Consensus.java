package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A replicated log in memory: what is committed is never lost, who may commit changes at any time, a deposed leader
 * learns of it late, and what it had under way is lost, or was committed without its knowing. Not thread-safe.
 */
public final class Consensus {
    private static final long WATCH_NANOS = 100_000_000;
    private static final int UNKNOWN_PER_THOUSAND = 10;

    private final EventQueue time;
    private final ClusterRecords records;
    private final SplittableRandom random;
    private final List<MetadataNode> nodes = new ArrayList<>();
    private @Nullable MetadataNode leader;
    private int term;
    private int missedWatches;

    /** A log without leader. */
    public Consensus(EventQueue time, ClusterRecords records, SplittableRandom random) {
        this.time = time;
        this.records = records;
        this.random = random;
    }

    /** Adds a server. */
    public void add(MetadataNode node) {
        nodes.add(node);
    }

    /** Watches over the leader from now on. */
    public void start() {
        @Nullable MetadataNode present = leader;
        boolean missed = present == null || !present.process().isUp();
        missedWatches = missed ? missedWatches + 1 : 0;
        if (missedWatches > 3) {
            elect();
        }
        time.after(WATCH_NANOS, this::start);
    }

    /** The server that may commit. */
    public @Nullable MetadataNode leader() {
        return leader;
    }

    /** A server has forgotten that it led. */
    void restarted(MetadataNode node) {
        if (leader == node) {
            leader = null;
            term++;
        }
    }

    boolean isLeader(MetadataNode node, int ofTerm) {
        return leader == node && ofTerm == term;
    }

    /** Gives the leadership to any server that runs, maybe the same one. */
    public void elect() {
        List<MetadataNode> able =
                nodes.stream().filter(node -> node.process().isUp()).toList();
        if (able.isEmpty()) {
            return;
        }
        MetadataNode elected = able.get(random.nextInt(able.size()));
        @Nullable MetadataNode before = leader;
        term++;
        missedWatches = 0;
        leader = elected;
        int won = term;
        time.note("term " + won + ": " + elected.process() + " leads");
        if (before != null && before != elected) {
            long unaware = random.nextInt(3) == 0 ? random.nextInt(3_000) * 1_000_000L : 1_000_000;
            before.process().after(unaware, () -> before.deposed(won));
        }
        elected.process().after(1_000_000L + random.nextInt(50_000_000), () -> elected.elected(won));
    }

    /**
     * Commits a command.
     *
     * @param ofTerm in which the caller leads
     * @param command what it does to the records
     * @param then done at the caller; a failure means that nobody knows whether the command was committed
     */
    public <R> void submit(
            SimulatedProcess caller, int ofTerm, Function<ClusterRecords, R> command, Consumer<Outcome<R>> then) {
        Consumer<Outcome<R>> answer = outcome -> caller.after(100_000, () -> then.accept(outcome));
        time.after(200_000L + random.nextInt(4_000_000), () -> {
            if (ofTerm != term || caller.isDown()) {
                answer.accept(lost());
                return;
            }
            R result = command.apply(records);
            boolean unknown = random.nextInt(1000) < UNKNOWN_PER_THOUSAND;
            answer.accept(unknown ? lost() : new Outcome.Answered<>(result));
        });
    }

    private static <R> Outcome<R> lost() {
        return new Outcome.Failed<>(new TractException(ErrorCode.NOT_LEADER, "the outcome is unknown"));
    }
}
