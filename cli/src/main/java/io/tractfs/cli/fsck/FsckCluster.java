package io.tractfs.cli.fsck;

import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.StoreId;
import io.tractfs.id.TractId;
import io.tractfs.table.StoreInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a check asks of a cluster. Every method blocks until it is answered, is retried where that is safe, and fails once
 * a metadata server has not answered for long; a store that does not answer is an answer. Not thread-safe.
 */
interface FsckCluster {
    /**
     * A page of everything below a path.
     *
     * @param after path of the last entry of the page before; empty for the first page
     */
    Page walk(String path, String after) throws TractException;

    /** A file as it is now; empty if it is not there any more. */
    Optional<CheckedFile> file(String path) throws TractException;

    /** Rows and stores as the leader publishes them now. */
    ClusterTable table() throws TractException;

    /**
     * Asks stores, all at once, what they have.
     *
     * @param verify whether they read every byte
     * @return per store and tract; a store that does not answer says so for each of its tracts
     */
    Map<StoreId, Map<TractId, CopyAnswer>> inspect(
            ClusterTable table, Map<StoreId, List<TractId>> asked, boolean verify);

    /**
     * The names of the tracts on a store's disk.
     *
     * @param after where the page before ended; null for the first page
     */
    Names names(StoreInfo store, @Nullable Place after) throws TractException;

    /** Which blobs are alive. */
    Alive alive(List<BlobId> blobs) throws TractException;

    /** Has a store compare rows with their other holders. */
    void repair(StoreId store, Collection<Integer> rows) throws TractException;

    /** Has a store cut tracts to nothing that are behind the ends of their blobs, unless somebody writes there by now. */
    void cut(StoreId store, List<TractId> behindEnds) throws TractException;

    /** Has a store remove tracts, unless their blobs are alive, and files that do not belong among the tracts. */
    void remove(StoreId store, List<TractId> orphans, List<String> strays) throws TractException;

    /** Waits. */
    void pause(long ms) throws TractException;

    /**
     * A page of a walk. Immutable.
     *
     * @param superuser whether the caller may look at everything and repair it
     */
    record Page(List<CheckedFile> entries, boolean more, boolean superuser) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /** Where a page of names ended. Immutable. */
    record Place(int bucket, @Nullable TractId tract) {}

    /**
     * A page of names. Immutable.
     *
     * @param end where it ended
     * @param more whether more follow
     * @param garbageCursor last garbage sequence that the store has applied
     * @param strays files that do not belong among the tracts
     */
    record Names(List<TractId> tracts, Place end, boolean more, long garbageCursor, List<String> strays) {
        /** Copies the lists. */
        public Names {
            tracts = List.copyOf(tracts);
            strays = List.copyOf(strays);
        }
    }

    /**
     * Which of the blobs asked are alive. Immutable.
     *
     * @param alive one per blob, in order
     * @param tracts how many tracts of each blob have bytes of its file, in order; as many as can be where nobody knows
     * @param garbageHead the garbage log up to here has every blob that is not alive
     */
    record Alive(List<Boolean> alive, List<Integer> tracts, long garbageHead) {
        /** Copies the lists. */
        public Alive {
            alive = List.copyOf(alive);
            tracts = List.copyOf(tracts);
        }
    }
}
