package io.tractfs.tract.store;

import io.tractfs.tract.store.KeyValues.Change;
import io.tractfs.tract.store.KeyValues.Entry;
import io.tractfs.tract.store.KeyValues.Family;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a store's database keeps and that cannot be made again from the tracts' files: all families but {@link
 * Family#TRACTS}. Its size goes with rows, not with tracts. Not thread-safe.
 */
final class LedgerImage {
    private static final int PAGE = 1024;

    private final Map<Family, SortedMap<Bytes, Bytes>> families = new EnumMap<>(Family.class);

    /** Whether changes of a family belong here. */
    static boolean holds(Family family) {
        return family != Family.TRACTS;
    }

    /** What a database has now; every block of it is read. */
    static LedgerImage of(KeyValues values) throws IOException {
        LedgerImage image = new LedgerImage();
        for (Family family : Family.values()) {
            Bytes from = Bytes.EMPTY;
            while (holds(family)) {
                List<Entry> page = values.scan(family, from, PAGE);
                page.forEach(entry -> image.family(family).put(entry.key(), entry.value()));
                if (page.size() < PAGE) {
                    break;
                }
                from = page.get(page.size() - 1).key().next();
            }
        }
        return image;
    }

    /** Makes a change, if it is of a family that belongs here. */
    void apply(Change change) {
        Bytes value = change.value();
        if (!holds(change.family())) {
            return;
        }
        if (value == null) {
            family(change.family()).remove(change.key());
        } else {
            family(change.family()).put(change.key(), value);
        }
    }

    /** What makes an empty database into this. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        families.forEach(
                (family, entries) -> entries.forEach((key, value) -> changes.add(new Change(family, key, value))));
        return changes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LedgerImage that && changes().equals(that.changes());
    }

    @Override
    public int hashCode() {
        return changes().hashCode();
    }

    private SortedMap<Bytes, Bytes> family(Family family) {
        return families.computeIfAbsent(family, absent -> new TreeMap<>());
    }
}
