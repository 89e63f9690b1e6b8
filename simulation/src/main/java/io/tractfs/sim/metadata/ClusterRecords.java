package io.tractfs.sim.metadata;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.Event.KnownStore;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.ClusterCommand;
import io.tractfs.metadata.namespace.ClusterLayout;
import io.tractfs.metadata.namespace.Command;
import io.tractfs.metadata.namespace.FileDefaults;
import io.tractfs.metadata.namespace.LogPosition;
import io.tractfs.metadata.namespace.LoggedEntry;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.NamespaceReader;
import io.tractfs.metadata.namespace.NamespaceState;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.metadata.namespace.StoreRegistration;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the log has made durable, kept by the metadata server's own state machine over tables in memory: epochs, floors,
 * register, namespace, results of calls. The same at every server. Not thread-safe.
 */
public final class ClusterRecords {
    /** Of tracts, as the namespace has them; the simulator's are smaller, and nothing in the namespace depends on it. */
    private static final int NAMED_TRACT_SIZE = FileDefaults.MIN_TRACT_SIZE;

    private static final long BLOCK_SIZE = 128L << 20;
    private static final long RETENTION_MS = 600_000;

    private final NamespaceState state;
    private final NamespaceReader reader;
    private final Witness witness;
    private final RowVersion[] floors;

    /** Sees every command that the log has. */
    public interface Witness {
        /**
         * A command was applied.
         *
         * @param index of its entry in the log
         * @param tookEffect whether it changed anything now: it was neither refused nor answered from the retry cache
         */
        void applied(long index, Call call, Result result, boolean tookEffect);
    }

    /** A cluster that has just been formatted. */
    public ClusterRecords(int rows, int columns, int window, Witness witness) {
        this.witness = witness;
        this.floors = new RowVersion[rows];
        Arrays.fill(floors, RowVersion.NONE);
        LiveTables tables = new LiveTables();
        this.state = new NamespaceState(tables);
        this.reader = new NamespaceReader(tables);
        ClusterLayout layout = new ClusterLayout(
                LeaderDriver.CLUSTER,
                rows,
                columns,
                new FileDefaults(NAMED_TRACT_SIZE, 1, BLOCK_SIZE, window),
                "group");
        apply(new ClusterCommand.Format(layout, "sim"));
    }

    /** Applies a command of the leader's own. */
    private Result apply(Command command) {
        return apply(Call.ofSystem((ClusterCommand) command));
    }

    /** Applies a call: the next entry of the log. */
    Result apply(Call call) {
        return apply(state.timeMs(), call);
    }

    /**
     * Applies a call.
     *
     * @param timeMs the leader's wall clock
     */
    Result apply(long timeMs, Call call) {
        boolean[] effect = {false};
        Call watched = new Call(call.requester(), call.name(), call.command(), subject -> effect[0] = true);
        LogPosition position = new LogPosition(1, state.appliedIndex() + 1);
        LoggedEntry entry = new LoggedEntry(timeMs, RETENTION_MS, NamespaceLimits.HDFS, List.of(watched));
        Result result = state.apply(position, entry).get(0);
        if (effect[0] && call.command() instanceof ClusterCommand.CommitFloors commit) {
            commit.floors().forEach(this::raise);
        }
        witness.applied(position.index(), watched, result, effect[0]);
        return result;
    }

    private void raise(ClusterCommand.RowFloor floor) {
        if (floor.version().isAfter(floors[floor.row()])) {
            floors[floor.row()] = floor.version();
        }
    }

    /** The state machine, for those who only read. */
    public NamespaceState state() {
        return state;
    }

    /** Reads of the namespace. */
    public NamespaceReader reader() {
        return reader;
    }

    /** Floor of a row. */
    public RowVersion floor(int row) {
        return floors[row];
    }

    /** Every floor. */
    public List<RowVersion> floors() {
        return List.of(floors);
    }

    /** Every store that ever registered. */
    public List<KnownStore> register() {
        return state.stores().values().stream()
                .map(store -> new KnownStore(store.store(), store.incarnation(), store.server(), store.removed()))
                .toList();
    }

    /** Every epoch, oldest first. */
    public List<LeaderPoint> epochs() {
        return state.epochs().stream()
                .map(epoch -> new LeaderPoint(epoch.epoch(), epoch.lineage(), epoch.index()))
                .toList();
    }

    /** Index of the last entry. */
    public long index() {
        return state.appliedIndex();
    }

    LeaderPoint takeEpoch(long drawn) {
        Lineage lineage = new Lineage(new UUID(drawn, state.appliedIndex()));
        if (apply(new ClusterCommand.TakeEpoch(lineage)) instanceof Result.EpochTaken taken) {
            return new LeaderPoint(taken.epoch(), lineage, taken.index());
        }
        throw new Violation("P12", "the log refused an epoch");
    }

    /** Raises floors, unless another leadership has begun (P13); floors that do not grow stay. */
    boolean commitFloors(LeaderPoint leader, Map<Integer, RowVersion> raised) {
        List<ClusterCommand.RowFloor> rows = new ArrayList<>();
        raised.forEach((row, version) -> rows.add(new ClusterCommand.RowFloor(row, version)));
        Result result = apply(new ClusterCommand.CommitFloors(leader.epoch(), leader.lineage(), rows));
        raised.forEach((row, version) -> requireEpoch(leader.epoch(), row, version));
        return result instanceof Result.Done;
    }

    private static void requireEpoch(Epoch epoch, int row, RowVersion version) {
        if (!version.epoch().equals(epoch)) {
            throw new Violation("I2", "epoch " + epoch + " commits version " + version + " of row " + row);
        }
    }

    /** Whether a start of a store is accepted: not older than the one that is known. */
    boolean registerStore(StoreRef ref, String server, long writeSequence) {
        return apply(new ClusterCommand.RegisterStore(ref.store(), ref.incarnation(), server, writeSequence))
                instanceof Result.Done;
    }

    /** The highest write sequence that a registered store is known with. */
    long writeSequence(StoreId store) {
        StoreRegistration known = state.stores().get(store);
        return known == null ? 0 : known.writeSequence();
    }

    void removeStore(StoreId store) {
        apply(new ClusterCommand.RemoveStore(store));
    }

    /** What a refused command is told as. */
    static TractException refusal(Result result) {
        return result instanceof Result.Refused refused
                ? new TractException(refused.code(), refused.message())
                : new TractException(ErrorCode.INTERNAL, "unexpected result " + result);
    }
}
