package io.tractfs.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.ClusterId;
import io.tractfs.id.Epoch;
import io.tractfs.id.Incarnation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.StoreId;
import io.tractfs.table.ClassSet;
import io.tractfs.table.Columns;
import io.tractfs.table.Member;
import io.tractfs.table.Row;
import io.tractfs.table.StoreRef;
import io.tractfs.wire.codec.IdCodec;
import io.tractfs.wire.codec.RowCodec;
import io.tractfs.wire.proto.RecoveryMessage;
import io.tractfs.wire.proto.RecoveryResponse;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreInfoMessage;
import io.tractfs.wire.proto.StoreRefMessage;
import io.tractfs.wire.proto.StoreReport;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final StoreRef STORE =
            new StoreRef(new StoreId(UUID.fromString("12345678-0000-0000-0000-000000000001")), new Incarnation(4));
    private static final Row ROW = new Row(
            5,
            RowVersion.of(new Epoch(2), 7),
            Columns.of(new Member(STORE, ClassSet.ofColumn(0, 3)), new Member(STORE, ClassSet.EMPTY), null),
            List.of());
    private static final ReportResponse REPORT = ReportResponse.newBuilder()
            .setClusterId(IdCodec.encode(new ClusterId(new UUID(0, 1))))
            .setMetadataServer("metadata-1")
            .setRole("leader")
            .setEpoch(2)
            .setGranted(true)
            .setRowCount(4096)
            .setColumnCount(3)
            .setRowsInSync(4090)
            .setInSync(false)
            .addStores(StoreReport.newBuilder()
                    .setInfo(StoreInfoMessage.newBuilder()
                            .setRef(StoreRefMessage.newBuilder()
                                    .setStore(IdCodec.encode(STORE.store()))
                                    .setIncarnation(4))
                            .setServer("tract-1")
                            .setHost("127.0.0.1")
                            .setPort(7620))
                    .setState("FAILED")
                    .setUsed(3L << 29)
                    .setFailure("write failed: \"I/O error\"\n"))
            .addRows(RowCodec.encode(ROW))
            .build();

    @Test
    void saysThatARestoredNamespaceIsNotConfirmedYet() {
        ReportResponse restored = REPORT.toBuilder().setUnconfirmed(true).build();
        assertThat(ReportText.report(restored)).contains("nothing is deleted until");
        assertThat(ReportText.report(REPORT)).doesNotContain("nothing is deleted until");
        assertThat(ReportJson.report(restored, Loss.NONE).replaceAll("\\s+", ""))
                .contains("\"unconfirmed\":true");
    }

    @Test
    void drawsHowFarARecoveryIs() {
        RecoveryMessage running = RecoveryMessage.newBuilder()
                .setNumber(2)
                .setDurationMs(4_000)
                .setColumns(300)
                .setColumnsLeft(200)
                .setBytes(3L << 30)
                .setBytesPerSecond(805_306_368)
                .setRemainingMs(8_000)
                .build();
        RecoveryResponse response = RecoveryResponse.newBuilder()
                .setColumns(200)
                .setRows(190)
                .addRecoveries(running.toBuilder().setNumber(1).setEnded(true))
                .addRecoveries(running)
                .build();

        assertThat(RecoveryText.progress(running))
                .isEqualTo("[##########....................] 33 % of 300 columns, 3.0 GiB at 768.0 MiB/s, 8.0 s left");
        assertThat(RecoveryText.of(response))
                .contains("Recovering: 190 rows, 200 columns left", "recovery 1: done in 4.0 s", "recovery 2: [####");
        assertThat(RecoveryText.of(RecoveryResponse.getDefaultInstance())).isEqualTo("Nothing to recover");
        assertThat(RecoveryText.json(response)).contains("\"recovering\": true", "\"remainingMs\": 8000");
    }

    @Test
    void showsServersStoresAndSpaceToPeople() {
        assertThat(ReportText.report(REPORT))
                .contains("metadata-1, leader, epoch 2 (granted)")
                .contains("4096 of 3 columns: 4090 in sync")
                .containsPattern("tract-1 +12345678-0000-0000-0000-000000000001 +127.0.0.1:7620 +FAILED +1.5 GiB")
                .contains("write failed");
    }

    @Test
    void marksRecoveringAndVacantColumns() throws Exception {
        assertThat(ReportText.rows(REPORT).lines().toList().get(1))
                .isEqualTo("5      2.7          tract-1/12345678 tract-1/12345678* -");
    }

    @Test
    void givesProgramsTheSameAsJson() {
        assertThat(ReportJson.report(REPORT, Loss.NONE))
                .startsWith("{\n  \"schemaVersion\": 1,\n  \"clusterId\": \"00000000-0000-0000-0000-000000000001\"")
                .contains("\"inSync\": 4090")
                .contains("\"used\": 1610612736")
                .contains("\"failure\": \"write failed: \\\"I/O error\\\"\\u000a\"")
                .endsWith("  }\n}");
    }

    @Test
    void givesProgramsEachColumnOfEachRow() throws Exception {
        assertThat(ReportJson.rows(REPORT).replaceAll("\\s+", ""))
                .contains("{\"row\":5,\"version\":\"2.7\",\"columns\":[{\"column\":0,\"store\":"
                        + "\"12345678-0000-0000-0000-000000000001\",\"name\":\"tract-1/12345678\",\"incarnation\":4,"
                        + "\"held\":7,\"state\":\"in-sync\"}")
                .contains("\"state\":\"recovering\"")
                .contains("{\"column\":2,\"store\":null,\"state\":\"vacant\"}],\"waiting\":[]}");
    }

    @Test
    void writesSizesForPeople() {
        assertThat(ReportText.size(0)).isEqualTo("0 B");
        assertThat(ReportText.size(1023)).isEqualTo("1023 B");
        assertThat(ReportText.size(1024)).isEqualTo("1.0 KiB");
        assertThat(ReportText.size(Long.MAX_VALUE)).isEqualTo("8192.0 PiB");
    }
}
