package io.tractfs.metadata.assignment;

import io.tractfs.id.RowVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings floors of acknowledged plans into the log, many rows in one command (P13). Confined to the assignment loop.
 */
final class FloorCommits {
    /** Most rows of one command. */
    static final int COMMAND_ROWS = 8192;

    /** Most commands under way. */
    static final int COMMANDS = 4;

    private final Map<Integer, RowVersion> ready = new LinkedHashMap<>();
    private final Map<Long, Map<Integer, RowVersion>> underWay = new HashMap<>();
    private long nextBatch = 1;

    void add(int row, RowVersion version) {
        ready.put(row, version);
    }

    /** The rows of a batch that is over; empty if it is unknown. */
    Map<Integer, RowVersion> done(long batch) {
        @Nullable Map<Integer, RowVersion> floors = underWay.remove(batch);
        return floors == null ? Map.of() : floors;
    }

    /** A batch whose outcome is unknown is committed again: a floor that does not grow stays. */
    void again(long batch) {
        done(batch).forEach(ready::putIfAbsent);
    }

    void flush(Consumer<Effect> effects) {
        while (!ready.isEmpty() && underWay.size() < COMMANDS) {
            Map<Integer, RowVersion> floors = new LinkedHashMap<>();
            List<Integer> taken = new ArrayList<>();
            for (Map.Entry<Integer, RowVersion> floor : ready.entrySet()) {
                if (floors.size() == COMMAND_ROWS) {
                    break;
                }
                floors.put(floor.getKey(), floor.getValue());
                taken.add(floor.getKey());
            }
            taken.forEach(ready::remove);
            underWay.put(nextBatch, floors);
            effects.accept(new Effect.CommitFloors(nextBatch++, floors));
        }
    }
}
