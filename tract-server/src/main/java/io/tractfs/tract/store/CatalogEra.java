package io.tractfs.tract.store;

import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Whether the catalog names every tract: after a power loss it may not, until the names of the files have been gone
 * through once. Thread-safe.
 */
final class CatalogEra {
    private static final Bytes KEY = Bytes.name("catalog.era");

    /** No era: the catalog does not name every tract. */
    private static final int NEVER = -1;

    private final KeyValues values;
    private final int era;
    private volatile boolean complete;
    private volatile int losses;

    CatalogEra(KeyValues values, int era) {
        this.values = values;
        this.era = era;
    }

    /** What to write into a database whose catalog is gone. */
    static Change forgotten() {
        return new Change(
                Family.POINTS, KEY, Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(NEVER)));
    }

    /** Reads for which era the catalog is complete. */
    void load() throws IOException {
        Optional<Bytes> written = values.get(Family.POINTS, KEY);
        complete = written.map(value -> value.buffer().getInt() == era).orElse(era == 0);
    }

    boolean isComplete() {
        return complete;
    }

    /** How often the catalog was lost since the start. */
    int losses() {
        return losses;
    }

    /** The catalog is lost. */
    synchronized void lost() {
        losses++;
        complete = false;
    }

    /**
     * To be called when all names have been gone through.
     *
     * @param lossesBefore how often the catalog had been lost when that began
     */
    synchronized void markComplete(int lossesBefore) throws IOException {
        Bytes value = Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(era));
        values.write(List.of(new Change(Family.POINTS, KEY, value)), true);
        complete = losses == lossesBefore;
    }
}
