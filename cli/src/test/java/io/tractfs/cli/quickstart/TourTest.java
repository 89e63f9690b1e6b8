package io.tractfs.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import org.junit.jupiter.api.Test;

class TourTest {
    private static final String LOG = "INFO Job: Counters\n\t\tCHECKSUM=2148987642402270\n\tFile Input\n";

    @Test
    void isContentWithTheSameChecksum() {
        assertThatCode(() -> Tour.compare(LOG, "checksum\t7a27e2d0d55de\n")).doesNotThrowAnyException();
    }

    @Test
    void noticesOtherRows() {
        assertThatThrownBy(() -> Tour.compare(LOG, "checksum\t7a27e2d0d55df\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("expected 7a27e2d0d55de");
    }

    @Test
    void noticesDisorder() {
        assertThatThrownBy(() -> Tour.compare(LOG, "error\tmisorder in part-r-00000\nchecksum\t7a27e2d0d55de\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("misorder");
    }

    @Test
    void noticesAnEmptyVerdict() {
        assertThatThrownBy(() -> Tour.compare(LOG, "")).isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> Tour.compare("", "checksum\t1\n")).isInstanceOf(CommandFailure.class);
    }
}
