package io.tractfs.tract.gate;

import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.tract.store.TractState;
import java.util.HashMap;
import java.util.Map;

/**
 * Lengths that the tracts of one row had when its present version was accepted (P22). Only tracts that were begun before
 * and written since have an entry, which are the tails of files that were open over the change; memory is enough, since
 * a restarted store gets a new version (P6). Not thread-safe.
 */
final class VersionLengths {
    private final Map<TractId, Integer> lengths = new HashMap<>();

    /** Forgets everything: the version changes. */
    void clear() {
        lengths.clear();
    }

    /** Keeps the length of a tract that is about to be written under the version for the first time. */
    void beforeWrite(RowVersion version, TractState before) {
        if (before.version().isBefore(version) && before.length() > 0) {
            lengths.putIfAbsent(before.tract(), before.length());
        }
    }

    /** What was fetched counts as there before, where writes under the version were there already. */
    void afterReconcile(RowVersion version, TractState after) {
        if (!after.version().isBefore(version)) {
            lengths.merge(after.tract(), after.length(), Math::max);
        }
    }

    /** The length at the version. */
    int lengthAt(RowVersion version, TractState state) {
        if (state.version().isBefore(version)) {
            return state.length();
        }
        return Math.min(state.length(), lengths.getOrDefault(state.tract(), 0));
    }
}
