package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: MapReduce sorts and Spark writes Parquet on a fresh cluster. */
class QuickstartIT {
    @Test
    void runsMapReduceAndSparkAndSaysSo(@TempDir Path parent) {
        String output = Command.tractfs(
                        "quickstart",
                        "--tract-servers",
                        "3",
                        "--size",
                        "20m",
                        "--dir",
                        parent.resolve("cluster").toString())
                .run()
                .orFail();
        assertThat(output.lines()).last().isEqualTo("QUICKSTART OK");
    }
}
