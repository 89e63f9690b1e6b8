package io.tractfs.sim.metadata;

import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.metadata.assignment.Event.KnownStore;
import io.tractfs.sim.kernel.Violation;
import io.tractfs.sim.protocol.MetadataService.AddSegment;
import io.tractfs.sim.protocol.MetadataService.Complete;
import io.tractfs.sim.protocol.MetadataService.Create;
import io.tractfs.sim.protocol.MetadataService.FileCommand;
import io.tractfs.sim.protocol.MetadataService.FileRecord;
import io.tractfs.sim.protocol.MetadataService.SegmentRecord;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the log has made durable: epochs, floors, register, files. The same at every server. Not thread-safe. */
public final class ClusterRecords {
    private final RowVersion[] floors;
    private final Map<StoreId, KnownStore> register = new TreeMap<>();
    private final List<LeaderPoint> epochs = new ArrayList<>();
    private final Map<Long, FileRecord> files = new TreeMap<>();
    private final Map<Long, FileRecord> results = new HashMap<>();
    private long index;
    private long nextBlob = 1;

    /** Nothing committed. */
    public ClusterRecords(int rows) {
        floors = new RowVersion[rows];
        Arrays.fill(floors, RowVersion.NONE);
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
        return List.copyOf(register.values());
    }

    /** Every epoch, oldest first. */
    public List<LeaderPoint> epochs() {
        return List.copyOf(epochs);
    }

    /** The newest epoch. */
    public Epoch epoch() {
        return epochs.isEmpty() ? Epoch.NONE : epochs.get(epochs.size() - 1).epoch();
    }

    /** Index of the last entry. */
    public long index() {
        return index;
    }

    @Nullable
    FileRecord file(long file) {
        return files.get(file);
    }

    LeaderPoint takeEpoch(long lineage) {
        LeaderPoint point =
                new LeaderPoint(new Epoch(epoch().value() + 1), new Lineage(new UUID(lineage, epochs.size())), ++index);
        epochs.add(point);
        return point;
    }

    /** Raises floors, unless another leadership has begun (P13); floors that do not grow stay. */
    boolean commitFloors(Epoch epoch, Map<Integer, RowVersion> raised) {
        index++;
        if (!epoch.equals(epoch())) {
            return false;
        }
        raised.forEach((row, version) -> {
            if (!version.epoch().equals(epoch)) {
                throw new Violation("I2", "epoch " + epoch + " commits version " + version + " of row " + row);
            }
            if (version.isAfter(floors[row])) {
                floors[row] = version;
            }
        });
        return true;
    }

    /** Whether a start of a store is accepted: not older than the one that is known. */
    boolean registerStore(StoreRef ref, String server) {
        index++;
        KnownStore known = register.get(ref.store());
        if (known != null && ref.incarnation().compareTo(known.incarnation()) < 0) {
            return false;
        }
        register.put(ref.store(), new KnownStore(ref.store(), ref.incarnation(), server, false));
        return true;
    }

    void removeStore(StoreId store) {
        index++;
        register.computeIfPresent(store, (id, known) -> new KnownStore(id, known.incarnation(), known.server(), true));
    }

    /** Applies a change of the namespace once, however often it is asked for (P34). */
    FileRecord apply(FileCommand command, boolean once) {
        FileRecord before = results.get(command.call());
        if (before != null && once) {
            return before;
        }
        index++;
        FileRecord after = next(command);
        files.put(after.file(), after);
        results.put(command.call(), after);
        return after;
    }

    private FileRecord next(FileCommand command) {
        if (command instanceof Create create) {
            return new FileRecord(create.file(), create.replication(), false, List.of(new SegmentRecord(blob(), 0, 0)));
        }
        FileRecord file = files.get(command.file());
        if (file == null || file.closed()) {
            throw new Violation("I8", "a call finds no open file " + command.file() + ": " + command);
        }
        List<SegmentRecord> segments = new ArrayList<>(file.segments());
        SegmentRecord last = segments.remove(segments.size() - 1);
        boolean closes = command instanceof Complete;
        long length = command instanceof Complete complete ? complete.length() : ((AddSegment) command).endedLength();
        segments.add(new SegmentRecord(last.blob(), last.start(), length));
        if (!closes) {
            segments.add(new SegmentRecord(blob(), last.start() + length, 0));
        }
        return new FileRecord(file.file(), file.replication(), closes, segments);
    }

    private BlobId blob() {
        return BlobId.of(epoch(), nextBlob++);
    }
}
