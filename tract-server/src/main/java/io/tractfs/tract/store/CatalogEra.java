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

    private final KeyValues values;
    private final int era;
    private volatile boolean complete;

    CatalogEra(KeyValues values, int era) {
        this.values = values;
        this.era = era;
    }

    /** Reads for which era the catalog is complete. */
    void load() throws IOException {
        Optional<Bytes> written = values.get(Family.POINTS, KEY);
        complete = era == 0 || (written.isPresent() && written.get().buffer().getInt() == era);
    }

    boolean isComplete() {
        return complete;
    }

    /** To be called when all names have been gone through. */
    void markComplete() throws IOException {
        Bytes value = Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(era));
        values.write(List.of(new Change(Family.POINTS, KEY, value)), true);
        complete = true;
    }
}
