package io.tractfs.cli.admin;

import io.tractfs.error.TractException;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.MetadataPeerReport;
import io.tractfs.wire.proto.RefusedDirectoryReport;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.StoreReport;
import java.util.Locale;

/** A report for people. Pure functions; thread-safe. */
public final class ReportText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private ReportText() {}

    /** The cluster, then a line per store. */
    public static String report(ReportResponse report) {
        StringBuilder text = new StringBuilder();
        line(text, "cluster", cluster(report));
        line(
                text,
                "metadata server",
                report.getMetadataServer() + ", " + report.getRole() + ", epoch " + report.getEpoch()
                        + (report.getGranted() ? " (granted)" : " (not granted)") + ", log index "
                        + report.getAppliedIndex());
        for (MetadataPeerReport peer : report.getMetadataList()) {
            line(text, "  " + peer.getName(), peer.getAddress() + ", " + peer.getRole() + standing(report, peer));
        }
        line(text, "namespace", report.getInodeCount() + " files and directories" + readOnly(report));
        if (report.getUnconfirmed()) {
            line(text, "restored", "nothing is deleted until 'tractfs admin metadata confirm' says that it is right");
        }
        line(
                text,
                "rows",
                String.format(
                        Locale.ROOT,
                        "%d of %d columns: %d in sync, %d recovering, %d with a vacant column, %d frozen, %d not up",
                        report.getRowCount(),
                        report.getColumnCount(),
                        report.getRowsInSync(),
                        report.getRowsRecovering(),
                        report.getRowsVacant(),
                        report.getRowsFrozen(),
                        report.getRowsDown()));
        line(text, "in sync", report.getInSync() ? "yes" : "no");
        text.append('\n').append(String.format(Locale.ROOT, STORE_FORMAT, STORE_TITLES));
        for (StoreReport store : report.getStoresList()) {
            text.append('\n').append(store(store));
        }
        for (RefusedDirectoryReport refused : report.getRefusedList()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s does not serve %s: %s",
                    refused.getServer(),
                    refused.getDirectory(),
                    refused.getReason()));
        }
        return text.toString();
    }

    /** What only a leader knows of a follower. */
    private static String standing(ReportResponse report, MetadataPeerReport peer) {
        boolean known = report.getRole().equals("leader") && peer.getRole().equals("follower");
        return known ? ", " + peer.getLag() + " entries behind, heard " + peer.getSilentMs() + " ms ago" : "";
    }

    private static final String STORE_FORMAT = "%-10s %-36s %-22s %-9s %10s %10s %8s %8s %8s %9s";
    private static final Object[] STORE_TITLES = {
        "SERVER", "STORE", "ADDRESS", "STATE", "USED", "FREE", "TRACTS", "COLUMNS", "IN-SYNC", "SEEN"
    };

    private static String store(StoreReport store) {
        return String.format(
                        Locale.ROOT,
                        STORE_FORMAT,
                        store.getInfo().getServer(),
                        id(store),
                        store.getInfo().getHost() + ":" + store.getInfo().getPort(),
                        state(store),
                        size(store.getUsed()),
                        size(store.getFree()),
                        store.getTractCount(),
                        store.getColumns(),
                        store.getColumnsInSync(),
                        store.getLastSeenMs() + "ms")
                + damage(store)
                + (store.getFailure().isEmpty() ? "" : "  " + store.getFailure());
    }

    private static String damage(StoreReport store) {
        return store.getDamagedTracts() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %d tracts damaged, %s, being repaired",
                        store.getDamagedTracts(),
                        size(store.getDamagedBytes()));
    }

    /** What it is, and what an operator says of it. */
    private static String state(StoreReport store) {
        if (store.getGivenUp()) {
            return "GIVEN-UP";
        }
        boolean live = store.getState().equals("LIVE");
        return live && store.getDrained() ? "DRAINED" : live && store.getDraining() ? "DRAINING" : store.getState();
    }

    /** A line per row. */
    public static String rows(ReportResponse report) throws TractException {
        StoreNames names = StoreNames.of(report);
        StringBuilder text = new StringBuilder("ROW    VERSION      MEMBERS");
        for (RowMessage message : report.getRowsList()) {
            Row row = RowCodec.decode(message);
            text.append(String.format(Locale.ROOT, "%n%-6d %-12s", row.index(), row.version()));
            for (int column = 0; column < row.columns().count(); column++) {
                text.append(' ').append(member(row, column, names));
            }
            row.waiting().forEach(away -> text.append(" waiting:").append(names.of(away.store())));
        }
        return text.toString();
    }

    private static String member(Row row, int column, StoreNames names) {
        Member member = row.columns().at(column);
        if (member == null) {
            return "-";
        }
        ClassSet whole = ClassSet.ofColumn(column, row.columns().count());
        return names.of(member.ref().store()) + (member.held().containsAll(whole) ? "" : "*");
    }

    /** A size as people read it, such as {@code 1.5 GiB}. */
    public static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** The cluster's id, or a question mark if it is not one. */
    static String cluster(ReportResponse report) {
        try {
            return IdCodec.cluster(report.getClusterId()).toString();
        } catch (TractException e) {
            return "?";
        }
    }

    /** The store's id, or a question mark if it is not one. */
    static String id(StoreReport store) {
        try {
            return IdCodec.store(store.getInfo().getRef().getStore()).toString();
        } catch (TractException e) {
            return "?";
        }
    }

    private static String readOnly(ReportResponse report) {
        return report.getReadOnlyReason().isEmpty() ? "" : ", read-only: " + report.getReadOnlyReason();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-16s %s%n", name, value));
    }
}
