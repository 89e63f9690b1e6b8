package io.tractfs.tract.store;

import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a store's disk really holds, beside what the store believes: the names of files are read, not the catalog, and a
 * tract is compared with its file. For checks and repairs by an operator. Every method may block on the disk. Thread-safe.
 */
public interface TractInventory {
    /**
     * What is held of a tract as its file shows it: a file that is gone is forgotten, so that reconcile brings the tract
     * again, and what a file that was cut lacks is marked as damaged.
     *
     * @param verify whether every byte is read and compared with its checksum, and what does not verify is marked
     * @return empty if there is nothing
     * @throws TractException STORE_FAILED
     */
    Optional<Inspected> inspect(TractId tract, boolean verify) throws TractException;

    /**
     * The tracts that have a file in a bucket's directory, in order; whether the store knows them does not matter.
     *
     * @param bucket 0 to {@link io.tractfs.tract.format.TractLayout#BUCKETS} - 1
     */
    List<TractId> names(int bucket) throws TractException;

    /**
     * Files in a bucket's directory that are no tracts, or tracts of another bucket, which nobody would find there.
     *
     * @return paths below the store's directory, in order
     */
    List<String> strays(int bucket) throws TractException;

    /**
     * Moves files to trash, durably, that {@link #strays} names; others are left alone.
     *
     * @return how many were moved
     */
    int removeStrays(Collection<String> paths) throws TractException;

    /** Moves tracts to trash, durably, also such as the store does not know; absent ones are no error. */
    void remove(Collection<TractId> tracts) throws TractException;

    /**
     * A tract and its file. Immutable.
     *
     * @param state what is held, with what is known to be damaged
     * @param stored bytes of data up to the end of the file, at most the length
     */
    record Inspected(TractState state, int stored) {}
}
