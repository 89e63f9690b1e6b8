package io.tractfs.tract.store;

import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes and number of tracts, saved now and then so that a start need not count; a little old after a crash. Immutable.
 *
 * @param usedBytes bytes held of tracts
 * @param tractCount tracts held
 */
record SavedCounts(long usedBytes, long tractCount) {
    private static final Bytes KEY = Bytes.name("space.counts");

    static SavedCounts load(KeyValues values) throws IOException {
        return values.get(Family.POINTS, KEY)
                .map(Bytes::buffer)
                .map(saved -> new SavedCounts(saved.getLong(), saved.getLong()))
                .orElse(new SavedCounts(0, 0));
    }

    void save(KeyValues values) throws IOException {
        Bytes value = Bytes.of(ByteBuffer.allocate(16).putLong(usedBytes).putLong(tractCount));
        values.write(List.of(new Change(Family.POINTS, KEY, value)), false);
    }
}
