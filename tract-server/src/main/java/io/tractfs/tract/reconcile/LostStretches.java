package io.tractfs.tract.reconcile;

import io.tractfs.id.TractId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What nobody can give of the tracts of one session (P25). A store keeps a loss only where it joins what it has: beyond that it is
 * merely missing. So a tract's losses are recorded once everything else of it is in, from its beginning on, one after the
 * other. Not thread-safe.
 */
final class LostStretches {
    private final Map<TractId, List<Stretch>> waiting = new HashMap<>();
    private final Set<TractId> recording = new HashSet<>();

    /** A stretch that nobody can give. */
    void add(Stretch stretch) {
        List<Stretch> all = waiting.computeIfAbsent(stretch.remote().tract(), first -> new ArrayList<>());
        all.add(stretch);
        all.sort(Comparator.comparingInt(Stretch::from));
    }

    /**
     * The next one to record of a tract, if it is its turn.
     *
     * @param open parts of the tract that are not in, those that wait here included
     */
    Optional<Stretch> next(TractId tract, int open) {
        @Nullable List<Stretch> all = waiting.get(tract);
        if (all == null || all.size() < open || !recording.add(tract)) {
            return Optional.empty();
        }
        return Optional.of(all.get(0));
    }

    /** A stretch was recorded; nothing changes if it was none of these. */
    void recorded(Stretch stretch) {
        TractId tract = stretch.remote().tract();
        @Nullable List<Stretch> all = waiting.get(tract);
        if (all != null && recording.contains(tract) && all.remove(stretch)) {
            recording.remove(tract);
            if (all.isEmpty()) {
                waiting.remove(tract);
            }
        }
    }
}
