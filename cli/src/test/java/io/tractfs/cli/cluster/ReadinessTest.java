package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.proto.StoreReport;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final ReportResponse READY = ReportResponse.newBuilder()
            .setGranted(true)
            .setRowCount(4096)
            .addStores(StoreReport.newBuilder().setState("LIVE"))
            .addStores(StoreReport.newBuilder().setState("LIVE"))
            .build();

    @Test
    void missesNothingOnceAllIsUp() {
        assertThat(Readiness.missing(READY, 2)).isEmpty();
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(Readiness.missing(READY.toBuilder().setGranted(false).build(), 2))
                .contains("not granted");
        assertThat(Readiness.missing(
                        READY.toBuilder().setReadOnlyReason("disk full").build(), 2))
                .contains("disk full");
        assertThat(Readiness.missing(READY.toBuilder().setRowsDown(7).build(), 2))
                .isEqualTo("7 of 4096 rows are not up yet");
        assertThat(Readiness.missing(READY.toBuilder().setRowCount(0).build(), 2))
                .contains("rows are not up");
        assertThat(Readiness.missing(READY, 3)).isEqualTo("2 of 3 stores are live");
    }
}
