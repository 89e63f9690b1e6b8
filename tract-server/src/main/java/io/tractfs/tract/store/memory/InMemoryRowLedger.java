package io.tractfs.tract.store.memory;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.tract.store.RowLedger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ledger in memory; like the real one it loses nothing that was persisted. Thread-safe. */
public final class InMemoryRowLedger implements RowLedger {
    private final Map<Integer, HeldRow> rows = new TreeMap<>();
    private final Map<Integer, TreeSet<BlobId>> tombstones = new TreeMap<>();
    private LeaderPoint point = new LeaderPoint(Epoch.NONE, new Lineage(new UUID(0, 0)), 0);
    private long cursor;
    private @Nullable String failure;

    @Override
    public synchronized Map<Integer, HeldRow> load() throws TractException {
        checkWorks();
        return Map.copyOf(rows);
    }

    @Override
    public synchronized void persist(Collection<HeldRow> changed) throws TractException {
        checkWorks();
        changed.forEach(row -> rows.put(row.row().index(), row));
    }

    @Override
    public synchronized LeaderPoint leaderPoint() throws TractException {
        checkWorks();
        return point;
    }

    @Override
    public synchronized void persist(LeaderPoint newPoint) throws TractException {
        checkWorks();
        point = newPoint;
    }

    @Override
    public synchronized long garbageCursor() throws TractException {
        checkWorks();
        return cursor;
    }

    @Override
    public synchronized void persistGarbageCursor(long sequence) throws TractException {
        checkWorks();
        cursor = sequence;
    }

    @Override
    public synchronized void addTombstones(int row, Collection<BlobId> blobs) throws TractException {
        checkWorks();
        tombstones.computeIfAbsent(row, absent -> new TreeSet<>()).addAll(blobs);
    }

    @Override
    public synchronized List<BlobId> tombstones(int row) throws TractException {
        checkWorks();
        return List.copyOf(tombstones.getOrDefault(row, new TreeSet<>()));
    }

    @Override
    public synchronized void clearTombstones(int row) throws TractException {
        checkWorks();
        tombstones.remove(row);
    }

    /** The ledger as it is now, on another disk. */
    public synchronized InMemoryRowLedger copy() {
        InMemoryRowLedger copy = new InMemoryRowLedger();
        copy.rows.putAll(rows);
        tombstones.forEach((row, blobs) -> copy.tombstones.put(row, new TreeSet<>(blobs)));
        copy.point = point;
        copy.cursor = cursor;
        copy.failure = failure;
        return copy;
    }

    /** Makes every call fail from now on. */
    public synchronized void fail(String reason) {
        failure = reason;
    }

    /** What failed works again. */
    public synchronized void repair() {
        failure = null;
    }

    private void checkWorks() throws TractException {
        if (failure != null) {
            throw new TractException(ErrorCode.STORE_FAILED, "store failed: " + failure);
        }
    }
}
