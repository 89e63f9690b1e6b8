package io.tractfs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.bench.report.Results;
import io.tractfs.bench.report.RowResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench runs: every workload once, for a moment, on TractFS alone. */
class BenchIT {
    @Test
    void runsEveryWorkloadAndChecksItsData(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("results.json");
        Path output = directory.resolve("output");
        ProcessBuilder bench = new ProcessBuilder(
                        Path.of(System.getProperty("tractfs.home"), "bin", "tractfs")
                                .toString(),
                        "bench",
                        "--smoke",
                        "--servers",
                        "3",
                        "--replication",
                        "3",
                        "--port-base",
                        "19100",
                        "--dir",
                        directory.resolve("bench").toString(),
                        "--json",
                        json.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());

        int status = bench.start().waitFor();

        assertThat(status).as("%s", Files.readString(output)).isZero();
        assertThat(Results.load(json).rows()).hasSizeGreaterThan(30).allSatisfy(row -> {
            assertThat(row.error()).isEmpty();
            assertThat(row.side(RowResult.TRACTFS))
                    .get()
                    .satisfies(side -> assertThat(side.median()).isPositive());
        });
    }
}
