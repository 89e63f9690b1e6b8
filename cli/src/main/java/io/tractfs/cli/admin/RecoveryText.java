package io.tractfs.cli.admin;

import io.tractfs.wire.proto.RecoveryMessage;
import io.tractfs.wire.proto.RecoveryResponse;
import java.util.Locale;
import java.util.Optional;

/** How recovery goes, for people and for programs. Pure functions; thread-safe. */
public final class RecoveryText {
    private static final int SCHEMA_VERSION = 1;
    private static final int BAR_WIDTH = 30;
    private static final double MS_PER_SECOND = 1000.0;

    private RecoveryText() {}

    /** The recovery that goes on; empty if none does. */
    public static Optional<RecoveryMessage> current(RecoveryResponse response) {
        int count = response.getRecoveriesCount();
        return count == 0 || response.getRecoveries(count - 1).getEnded()
                ? Optional.empty()
                : Optional.of(response.getRecoveries(count - 1));
    }

    /** A line about what is left, then one per recovery that is remembered. */
    public static String of(RecoveryResponse response) {
        StringBuilder text = new StringBuilder(headline(response));
        for (RecoveryMessage recovery : response.getRecoveriesList()) {
            text.append('\n').append(line(recovery));
        }
        return text.toString();
    }

    private static String headline(RecoveryResponse response) {
        String waiting = (response.getFrozenRows() > 0 ? ", " + response.getFrozenRows() + " frozen rows" : "")
                + (response.getDownRows() > 0 ? ", " + response.getDownRows() + " rows not up" : "");
        return current(response).isEmpty() && response.getColumns() == 0
                ? "Nothing to recover" + waiting
                : "Recovering: " + response.getRows() + " rows, " + response.getColumns() + " columns left" + waiting;
    }

    private static String line(RecoveryMessage recovery) {
        String state = recovery.getEnded()
                ? "done in " + seconds(recovery.getDurationMs())
                : bar(recovery) + ", for " + seconds(recovery.getDurationMs());
        return String.format(
                Locale.ROOT,
                "recovery %d: %s, %d columns, %s at %s/s",
                recovery.getNumber(),
                state,
                recovery.getColumns(),
                ReportText.size(recovery.getBytes()),
                ReportText.size(recovery.getBytesPerSecond()));
    }

    /** Such as {@code [########......................] 27 % of 300 columns, 1.5 GiB at 310.0 MiB/s, 12.5 s left}. */
    public static String progress(RecoveryMessage recovery) {
        return bar(recovery) + " of " + recovery.getColumns() + " columns, "
                + ReportText.size(recovery.getBytes()) + " at " + ReportText.size(recovery.getBytesPerSecond()) + "/s"
                + (recovery.getRemainingMs() < 0 ? "" : ", " + seconds(recovery.getRemainingMs()) + " left");
    }

    private static String bar(RecoveryMessage recovery) {
        long all = Math.max(1, recovery.getColumns());
        long done = all - Math.min(all, recovery.getColumnsLeft());
        int filled = (int) (done * BAR_WIDTH / all);
        return "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] " + done * 100 / all + " %";
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / MS_PER_SECOND);
    }

    /** For programs. */
    public static String json(RecoveryResponse response) {
        Json json = new Json()
                .object()
                .field("schemaVersion", SCHEMA_VERSION)
                .field("recovering", current(response).isPresent() || response.getColumns() > 0)
                .field("rows", response.getRows())
                .field("columns", response.getColumns())
                .field("frozenRows", response.getFrozenRows())
                .field("downRows", response.getDownRows());
        json.array("recoveries");
        for (RecoveryMessage recovery : response.getRecoveriesList()) {
            json.object()
                    .field("number", recovery.getNumber())
                    .field("ended", recovery.getEnded())
                    .field("durationMs", recovery.getDurationMs())
                    .field("columns", recovery.getColumns())
                    .field("columnsLeft", recovery.getColumnsLeft())
                    .field("bytes", recovery.getBytes())
                    .field("bytesPerSecond", recovery.getBytesPerSecond())
                    .field("remainingMs", recovery.getRemainingMs())
                    .field("remainingBytes", recovery.getRemainingBytes())
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }
}
