package io.tractfs.cli.admin;

import io.tractfs.error.TractException;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.Waiting;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.RowMessage;
import io.tractfs.wire.proto.StoreReport;

/** A report for programs. Fields are only ever added to a schema version. Pure functions; thread-safe. */
public final class ReportJson {
    private static final int SCHEMA_VERSION = 1;

    private ReportJson() {}

    /** The cluster, its stores, and what cannot be read. */
    public static String report(ReportResponse report, Loss loss) {
        Json json = new Json().object().field("schemaVersion", SCHEMA_VERSION);
        json.field("clusterId", ReportText.cluster(report))
                .field("metadataServer", report.getMetadataServer())
                .field("role", report.getRole())
                .field("epoch", Integer.toUnsignedLong(report.getEpoch()))
                .field("granted", report.getGranted())
                .field("readOnlyReason", report.getReadOnlyReason())
                .field("unconfirmed", report.getUnconfirmed())
                .field("inodeCount", report.getInodeCount())
                .field("appliedIndex", report.getAppliedIndex())
                .field("inSync", report.getInSync());
        json.object("rows")
                .field("count", report.getRowCount())
                .field("columns", report.getColumnCount())
                .field("inSync", report.getRowsInSync())
                .field("recovering", report.getRowsRecovering())
                .field("vacant", report.getRowsVacant())
                .field("frozen", report.getRowsFrozen())
                .field("down", report.getRowsDown())
                .endObject();
        json.array("metadataServers");
        report.getMetadataList()
                .forEach(peer -> json.object()
                        .field("name", peer.getName())
                        .field("address", peer.getAddress())
                        .field("role", peer.getRole())
                        .field("lag", peer.getLag())
                        .field("silentMs", peer.getSilentMs())
                        .endObject());
        json.endArray();
        json.array("stores");
        report.getStoresList().forEach(store -> store(json, store));
        json.endArray().array("refusedDirectories");
        report.getRefusedList()
                .forEach(refused -> json.object()
                        .field("server", refused.getServer())
                        .field("directory", refused.getDirectory())
                        .field("reason", refused.getReason())
                        .endObject());
        json.endArray();
        loss.addTo(json);
        return json.endObject().toString();
    }

    private static void store(Json json, StoreReport store) {
        json.object()
                .field("server", store.getInfo().getServer())
                .field("store", ReportText.id(store))
                .field("incarnation", store.getInfo().getRef().getIncarnation())
                .field("host", store.getInfo().getHost())
                .field("port", store.getInfo().getPort())
                .field("domain", store.getInfo().getDomain())
                .field("state", store.getState())
                .field("capacity", store.getCapacity())
                .field("used", store.getUsed())
                .field("free", store.getFree())
                .field("tracts", store.getTractCount())
                .field("columns", store.getColumns())
                .field("columnsInSync", store.getColumnsInSync())
                .field("lastSeenMs", store.getLastSeenMs())
                .field("failure", store.getFailure())
                .field("damagedTracts", store.getDamagedTracts())
                .field("damagedBytes", store.getDamagedBytes())
                .field("draining", store.getDraining())
                .field("drained", store.getDrained())
                .field("givenUp", store.getGivenUp())
                .endObject();
    }

    /** Every row. */
    public static String rows(ReportResponse report) throws TractException {
        StoreNames names = StoreNames.of(report);
        Json json = new Json().object().field("schemaVersion", SCHEMA_VERSION);
        json.field("clusterId", ReportText.cluster(report)).array("rows");
        for (RowMessage message : report.getRowsList()) {
            row(json, RowCodec.decode(message), names);
        }
        return json.endArray().endObject().toString();
    }

    private static void row(Json json, Row row, StoreNames names) {
        json.object().field("row", row.index()).field("version", row.version().toString());
        json.array("columns");
        for (int column = 0; column < row.columns().count(); column++) {
            member(json, row, column, names);
        }
        json.endArray().array("waiting");
        for (Waiting away : row.waiting()) {
            json.object()
                    .field("store", away.store().toString())
                    .field("name", names.of(away.store()))
                    .field("version", away.version().toString())
                    .field("classes", away.classes().bits())
                    .endObject();
        }
        json.endArray().endObject();
    }

    private static void member(Json json, Row row, int column, StoreNames names) {
        json.object().field("column", column);
        Member member = row.columns().at(column);
        if (member == null) {
            json.nullField("store").field("state", "vacant");
        } else {
            ClassSet whole = ClassSet.ofColumn(column, row.columns().count());
            json.field("store", member.ref().store().toString())
                    .field("name", names.of(member.ref().store()))
                    .field("incarnation", member.ref().incarnation().value())
                    .field("held", member.held().bits())
                    .field("state", member.held().containsAll(whole) ? "in-sync" : "recovering");
        }
        json.endObject();
    }
}
