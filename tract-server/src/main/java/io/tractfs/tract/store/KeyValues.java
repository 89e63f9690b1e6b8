package io.tractfs.tract.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ordered keys and values of one store, in families. A write survives {@code kill -9} when it returns, and power loss if
 * it was synced or a later one was. Keys compare as unsigned bytes. Thread-safe.
 */
public interface KeyValues extends AutoCloseable {
    /** What is kept; names are part of the format. */
    enum Family {
        /** Rows by index: membership and own state. */
        ROWS,
        /** Single values by name. */
        POINTS,
        /** Row and blob: deleted while the row is reconciled. */
        TOMBSTONES,
        /** Blob and index of each tract. */
        TRACTS,
        /** Ranges and damage by tract, for the few tracts that have any. */
        EXTRAS
    }

    /**
     * One change of a batch.
     *
     * @param value null removes the key
     */
    record Change(Family family, Bytes key, @Nullable Bytes value) {}

    /** A key with its value. */
    record Entry(Bytes key, Bytes value) {}

    /** Makes all changes or none. */
    void write(List<Change> changes, boolean sync) throws IOException;

    /** The value of a key. */
    Optional<Bytes> get(Family family, Bytes key) throws IOException;

    /** Entries in order, from a key on (included). */
    List<Entry> scan(Family family, Bytes from, int limit) throws IOException;

    /** Reads everything that is on disk; may take long. Fails if something does not verify. */
    void verify() throws IOException;

    /** What to do when {@link Family#TRACTS} is empty of a sudden, since it was damaged; in one thread, before anything is read. */
    void whenTractsAreForgotten(Runnable action);

    @Override
    void close();
}
