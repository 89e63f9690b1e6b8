package io.tractfs.tract.store;

import io.tractfs.error.TractException;
import io.tractfs.id.Epoch;
import io.tractfs.id.Lineage;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Row;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a store remembers of rows and leaders, durably: every method that changes something is on disk when it returns
 * ("persist before send"). Thread-safe.
 */
public interface RowLedger {
    /** Rows that the store holds or has refused older versions of, with its own state in each. */
    Map<Integer, HeldRow> load() throws TractException;

    /** Replaces the records of these rows in one batch. */
    void persist(Collection<HeldRow> rows) throws TractException;

    /** Last point of the metadata log that was seen (P29). */
    LeaderPoint leaderPoint() throws TractException;

    /** Replaces it. */
    void persist(LeaderPoint point) throws TractException;

    /** Last garbage sequence applied. */
    long garbageCursor() throws TractException;

    /** Replaces it. */
    void persistGarbageCursor(long sequence) throws TractException;

    /** Records that a blob was deleted while a row is reconciled; kept until the row is in sync (tombstone). */
    void addTombstones(int row, Collection<io.tractfs.id.BlobId> blobs) throws TractException;

    /** Tombstones of a row. */
    List<io.tractfs.id.BlobId> tombstones(int row) throws TractException;

    /** Drops the tombstones of a row. */
    void clearTombstones(int row) throws TractException;

    /**
     * One row as a store holds it.
     *
     * @param row the membership that was proposed or published last; the store may be no member of it (emptied, P15)
     * @param held classes that this store holds whole
     * @param published whether the floor of this version is known to be committed
     */
    record HeldRow(Row row, ClassSet held, boolean published) {}

    /**
     * A point in the metadata server's log.
     *
     * @param epoch the leadership
     * @param lineage its random lineage
     * @param appliedIndex highest applied index seen of it
     */
    record LeaderPoint(Epoch epoch, Lineage lineage, long appliedIndex) {}
}
