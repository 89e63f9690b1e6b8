package io.tractfs.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.bench.plan.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static SideResult side(double least, double median, double most) {
        return new SideResult(median, least, most, List.of(least, median, most), 1, 2, 3, 4, 5, 6, 7);
    }

    private static RowResult row(SideResult tractfs, SideResult hdfs) {
        return new RowResult(
                "stat",
                8,
                0,
                "-",
                "-",
                Unit.OPERATIONS,
                Map.of(RowResult.TRACTFS, tractfs, RowResult.HDFS, hdfs),
                3,
                "loopback round trips, 8",
                "");
    }

    private static Results results(RowResult row) {
        return new Results(
                Results.SCHEMA_VERSION,
                Map.of("machine", "two processors"),
                Map.of("loopback round trips, 8", List.of(3.0, 1.0, 2.0)),
                List.of(row));
    }

    @Test
    void marksARowThatFellBelowItsRange() {
        Comparison comparison = new Comparison(
                results(row(side(90, 100, 110), side(10, 10, 10))), results(row(side(50, 60, 70), side(10, 10, 10))));

        assertThat(comparison.worse()).containsExactly("stat, 8");
        assertThat(comparison.text()).contains("0.60×", "WORSE");
    }

    @Test
    void forgivesWhatTheOtherSideLostToo() {
        Comparison comparison = new Comparison(
                results(row(side(90, 100, 110), side(10, 10, 10))), results(row(side(50, 60, 70), side(6, 6, 6))));

        assertThat(comparison.worse()).isEmpty();
    }

    @Test
    void forgivesRangesThatMeet() {
        Comparison comparison = new Comparison(
                results(row(side(60, 100, 110), side(10, 10, 10))), results(row(side(50, 60, 70), side(10, 10, 10))));

        assertThat(comparison.worse()).isEmpty();
    }

    @Test
    void comparesWhatWasWrittenToFiles(@TempDir Path directory) throws Exception {
        Results results = results(row(side(90, 100, 110), side(10, 10, 10)));
        results.save(directory.resolve("a.json"));

        assertThat(Results.load(directory.resolve("a.json"))).isEqualTo(results);
    }

    @Test
    void showsRatioGoalAndBarePath() {
        Results results = results(row(side(90, 100, 110), side(200, 200, 200)));

        assertThat(ReportTable.text(results))
                .contains("stat, 8", "0.50×", "3.00×", "Rows below 1.00: stat, 8 (0.50×)", "Goals reached: 0 of 1");
        assertThat(ReportTable.markdown(results)).contains("| stat, 8 |", "| loopback round trips, 8 | 2.00 |");
    }
}
