package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.id.ClusterId;
import io.tractfs.id.Incarnation;
import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger;
import io.tractfs.tract.store.TractStorage;

/** A store whose directory is locked and open; its incarnation was raised durably (P6). Thread-safe. */
public interface OpenStore extends AutoCloseable {
    /** The store and this start of it. */
    StoreRef ref();

    /** The cluster that it was formatted for. */
    ClusterId cluster();

    /** The incarnation that a power loss ended, while a plan has yet to judge rows; {@link Incarnation#NONE} if none (P7). */
    Incarnation uncleanThrough();

    /** Its tracts. */
    TractStorage tracts();

    /** What it remembers of rows and leaders. */
    RowLedger ledger();

    /** The number of rows N that it was told once; 0 if never. */
    int rows();

    /**
     * Tells it the number of rows, durably.
     *
     * @throws TractException if it was told another number before
     */
    void adoptLayout(int rows) throws TractException;

    /** Every row was judged by a plan since an unclean start: what is held is trusted again, durably (P7). */
    void judged() throws TractException;

    /** Its disk is an old copy: write numbers up to one were seen by others; nothing held is trusted, durably (P7). */
    void lostWrites(long seen) throws TractException;

    /**
     * It has no part in the cluster: from now on it answers nothing, as if its disk had failed.
     *
     * @param registered the start that is registered; the next one is above it, also if the clock is behind (P6)
     */
    void refused(String reason, Incarnation registered);

    /** Where it is, for messages. */
    String name();

    /** Keeps up to date what tells, after a kill, whether unsynced pages were lost; to be called about once a second (P7). */
    void renewWitness();

    /**
     * Syncs and closes everything, and leaves the clean mark; rows that no plan has judged since a power loss stay
     * unclean (P7).
     */
    @Override
    void close();
}
