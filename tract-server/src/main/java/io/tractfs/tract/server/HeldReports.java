package io.tractfs.tract.server;

import io.tractfs.table.StoreRef;
import io.tractfs.tract.store.RowLedger.HeldRow;
import io.tractfs.wire.codec.StoreCodec;
import io.tractfs.wire.proto.ReportHeldRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * States that the leader has yet to hear of, the latest per row, so never more than rows; taken in batches, and put back
 * if the call fails. Thread-safe.
 */
final class HeldReports {
    private static final int MAX_ROWS = 1024;

    private final Map<StoreRef, Map<Integer, HeldRow>> waiting = new LinkedHashMap<>();

    /** Keeps a state in place of an older one. */
    synchronized void add(StoreRef store, HeldRow row) {
        waiting.computeIfAbsent(store, ignored -> new LinkedHashMap<>())
                .merge(row.row().index(), row, HeldReports::newer);
    }

    /** Takes a batch of one store. */
    synchronized Optional<Batch> take() {
        for (Map.Entry<StoreRef, Map<Integer, HeldRow>> entry : waiting.entrySet()) {
            List<HeldRow> rows =
                    entry.getValue().values().stream().limit(MAX_ROWS).toList();
            if (!rows.isEmpty()) {
                rows.forEach(row -> entry.getValue().remove(row.row().index()));
                return Optional.of(new Batch(entry.getKey(), rows));
            }
        }
        return Optional.empty();
    }

    /** Puts a batch back that was not delivered. */
    void putBack(Batch batch) {
        batch.rows().forEach(row -> add(batch.store(), row));
    }

    private static HeldRow newer(HeldRow one, HeldRow other) {
        int byVersion = one.row().version().compareTo(other.row().version());
        if (byVersion != 0) {
            return byVersion > 0 ? one : other;
        }
        return one.held().containsAll(other.held()) ? one : other;
    }

    /**
     * Rows of one store.
     *
     * @param store which
     * @param rows as they are held
     */
    record Batch(StoreRef store, List<HeldRow> rows) {
        ReportHeldRequest encode() {
            List<io.tractfs.wire.proto.HeldRow> held = new ArrayList<>(rows.size());
            for (HeldRow row : rows) {
                held.add(io.tractfs.wire.proto.HeldRow.newBuilder()
                        .setRow(row.row().index())
                        .setVersion(row.row().version().value())
                        .setHeld(row.held().bits())
                        .build());
            }
            return ReportHeldRequest.newBuilder()
                    .setRef(StoreCodec.encode(store))
                    .addAllRows(held)
                    .build();
        }
    }
}
