package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.metadata.assignment.AssignmentConfig;
import io.tractfs.metadata.assignment.ClusterView;
import io.tractfs.metadata.assignment.Effect;
import io.tractfs.metadata.assignment.Event;
import io.tractfs.metadata.assignment.ServerAddress;
import io.tractfs.metadata.assignment.StoreSpace;
import io.tractfs.metadata.namespace.CallName;
import io.tractfs.metadata.namespace.FileCommand;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.server.LeaseClock;
import io.tractfs.metadata.server.WriteSequences;
import io.tractfs.sim.kernel.EventQueue;
import io.tractfs.sim.kernel.Network;
import io.tractfs.sim.kernel.Outcome;
import io.tractfs.sim.kernel.Responder;
import io.tractfs.sim.kernel.SimulatedProcess;
import io.tractfs.sim.protocol.MetadataService;
import io.tractfs.sim.protocol.Peers;
import io.tractfs.sim.protocol.Rule;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.table.TableImage;
import io.tractfs.tract.server.GarbageLog;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A metadata server: takes calls while it leads, or still thinks so. Not thread-safe. */
public final class MetadataNode implements MetadataService, Peers.MetadataPeer {
    /** How long a client's lease lasts, in ms. */
    public static final long LEASE_MS = FileService.SOFT.toMillis();

    private final SimulatedProcess process;
    private final Parts parts;
    private final SplittableRandom random;
    private final Set<StoreRef> registered = new HashSet<>();
    private WriteSequences sequences = new WriteSequences();
    private @Nullable LeaderDriver leading;

    /** What every server shares. Immutable. */
    public record Parts(
            EventQueue time,
            Network network,
            Peers peers,
            Consensus consensus,
            ClusterRecords records,
            AssignmentConfig config,
            int tractSize,
            Watcher watcher,
            Set<Rule> off) {}

    /** Sees what leaders send out. */
    public interface Watcher {
        /** Rows are proposed to a store. */
        void proposed(List<Effect.ProposedRow> rows);

        /** Rows are shown to clients. */
        void published(List<Row> rows);
    }

    /** A server that has not started. */
    public MetadataNode(String name, Parts parts, SplittableRandom random) {
        this.process = new SimulatedProcess(name, parts.time());
        this.parts = parts;
        this.random = random;
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    @Override
    public MetadataService service() {
        return this;
    }

    EventQueue time() {
        return parts.time();
    }

    Network network() {
        return parts.network();
    }

    Peers peers() {
        return parts.peers();
    }

    ClusterRecords records() {
        return parts.records();
    }

    int tractSize() {
        return parts.tractSize();
    }

    Watcher watcher() {
        return parts.watcher();
    }

    Set<Rule> off() {
        return parts.off();
    }

    /** With the rule P1 off, who holds something of a row holds all of it. */
    ClassSet believed(ClassSet held) {
        boolean all = off().contains(Rule.CLASSES_ARE_APART) && !held.isEmpty();
        return all ? ClassSet.ofColumn(0, parts.config().columns()) : held;
    }

    /** Starts, as a follower. */
    public void start() {
        process.start();
        leading = null;
        registered.clear();
        sequences = new WriteSequences();
        parts.consensus().restarted(this);
    }

    /** What the leader knows; empty if this server does not lead. */
    public Optional<ClusterView> view() {
        return Optional.ofNullable(leading).map(LeaderDriver::view);
    }

    /** The table that it shows; empty if this server does not lead. */
    public Optional<TableImage> image() {
        return Optional.ofNullable(leading).map(LeaderDriver::image);
    }

    /** Whether this server thinks that it leads in a term. */
    boolean isLeading(int term) {
        return leading != null && leading.term() == term;
    }

    /** Whether more than half of the servers know of no later leader than this one in a term (P35). */
    boolean confirms(int term) {
        return isLeading(term) && parts.consensus().isLeader(this, term);
    }

    /** The connection to a store broke. */
    public void connectionLost(SimulatedProcess store) {
        @Nullable LeaderDriver leader = leading;
        if (leader != null) {
            leader.step(new Event.ConnectionLost(new ServerAddress(store.name(), 1)));
        }
    }

    /** This server was elected: it takes an epoch, and leads once that is applied (P12). */
    void elected(int term) {
        long lineage = random.nextLong();
        submit(term, records -> records.takeEpoch(lineage), outcome -> {
            if (outcome instanceof Outcome.Answered<LeaderPoint> point) {
                stop();
                LeaderDriver begun = new LeaderDriver(this, term, point.value(), parts.config());
                leading = begun;
                begun.begin();
            } else if (parts.consensus().isLeader(this, term)) {
                elected(term);
            }
        });
    }

    /** This server hears that another one leads. */
    void deposed(int newerTerm) {
        @Nullable LeaderDriver leader = leading;
        if (leader != null && leader.term() < newerTerm) {
            parts.time().note(process + " hears that it does not lead");
            stop();
        }
    }

    private void stop() {
        @Nullable LeaderDriver leader = leading;
        leading = null;
        registered.clear();
        if (leader != null) {
            leader.end();
        }
    }

    /** This server gives its leadership up. */
    void resign(int term) {
        stop();
        if (parts.consensus().isLeader(this, term)) {
            parts.consensus().elect();
        }
    }

    <R> void submit(int term, Function<ClusterRecords, R> command, Consumer<Outcome<R>> then) {
        parts.consensus().submit(process, term, command, then);
    }

    <R> void submit(int term, Function<ClusterRecords, R> command) {
        submit(term, command, outcome -> {});
    }

    @Override
    public void register(Registration request, Responder<Registered> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader == null) {
            return;
        }
        LeaderPoint seen = request.lastSeen();
        boolean known = seen.epoch().value() == 0
                || records().epochs().stream()
                        .anyMatch(point -> point.epoch().equals(seen.epoch())
                                && point.lineage().equals(seen.lineage()));
        if (!known) {
            answer.fail(new TractException(ErrorCode.LINEAGE_MISMATCH, "the log lacks " + seen));
            return;
        }
        StoreRef ref = request.info().ref();
        this.<Boolean>submit(
                leader.term(),
                records -> records.registerStore(ref, request.info().server(), request.writeSequence()),
                outcome -> {
                    if (!(outcome instanceof Outcome.Answered<Boolean> done) || leading != leader) {
                        answer.fail(new TractException(ErrorCode.NOT_LEADER, "lost the lead"));
                    } else if (!done.value()) {
                        answer.fail(new TractException(ErrorCode.STALE_INCARNATION, "a newer start is registered"));
                    } else {
                        registered.add(ref);
                        leader.files().follows(ref, request.garbageCursor());
                        answer.reply(registered(ref, request.writeSequence()));
                        leader.step(new Event.StoreRegistered(request.info(), StoreSpace.NONE));
                    }
                });
    }

    private Registered registered(StoreRef ref, long writeSequence) {
        NamespaceState state = records().state();
        sequences.saw(ref.store(), records().writeSequence(ref.store()));
        long behind = sequences.lostBy(ref.store(), writeSequence).orElse(0);
        return new Registered(records().epochs(), state.garbageStart(), state.garbageHead(), behind);
    }

    @Override
    public void heartbeat(Sign sign, Responder<Heard> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            boolean known = registered.contains(sign.from());
            if (known) {
                leader.files().follows(sign.from(), sign.garbageCursor());
                sequences.saw(sign.from().store(), sign.writeSequence());
            }
            answer.reply(new Heard(known, records().state().garbageHead()));
            leader.step(new Event.Heartbeat(sign.from(), sign.space(), false, sign.failure()));
        }
    }

    @Override
    public void report(StoreRef from, List<Event.HeldState> rows, Responder<Boolean> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            List<Event.HeldState> believed = rows.stream()
                    .map(row -> new Event.HeldState(row.row(), row.version(), believed(row.held())))
                    .toList();
            leader.step(new Event.HeldReported(from, believed));
            answer.reply(true);
        }
    }

    @Override
    public void table(Responder<TableImage> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            answer.reply(leader.image());
        }
    }

    @Override
    public void complain(Event.Complaint complaint, Responder<Boolean> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.step(complaint);
            answer.reply(true);
        }
    }

    @Override
    public void command(CallName name, FileCommand command, Responder<Result> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.files().command(name, command, answer);
        }
    }

    @Override
    public void open(String path, Responder<FileStatus> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.files().open(path, answer);
        }
    }

    @Override
    public void renew(ClientId session, List<LeaseClock.Acknowledged> files, Responder<Set<FileId>> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.files().renew(session, files, answer);
        }
    }

    @Override
    public void garbage(long after, int limit, Responder<GarbageLog.Page> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.files().garbage(after, limit, answer);
        }
    }

    @Override
    public void alive(List<BlobId> blobs, Responder<Map<BlobId, Boolean>> answer) {
        @Nullable LeaderDriver leader = leader(answer);
        if (leader != null) {
            leader.files().alive(blobs, answer);
        }
    }

    private @Nullable LeaderDriver leader(Responder<?> answer) {
        if (leading == null) {
            answer.fail(new TractException(ErrorCode.NOT_LEADER, process + " does not lead"));
        }
        return leading;
    }
}
