package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: MapReduce sorts while a server dies, and Spark writes Parquet, on a fresh cluster. */
class QuickstartIT {
    @Test
    void runsMapReduceAndSparkAndSaysSo(@TempDir Path parent) {
        String output = Command.tractfs(
                        "quickstart",
                        "--tract-servers",
                        "4",
                        "--size",
                        "20m",
                        "--dir",
                        parent.resolve("cluster").toString())
                .run()
                .orFail();
        assertThat(output)
                .containsPattern("killed tract-2 (in the middle of|after) the TeraSort")
                .containsPattern("its death was noticed after [0-9.]+ s")
                .containsPattern("longest pause of a client: [0-9.]+ s writing and flushing, [0-9.]+ s reading")
                .containsPattern("re-replicated: [1-9][0-9.]* [KMG]iB in [0-9.]+ s")
                .contains("TeraValidate passed");
        assertThat(output.lines()).last().isEqualTo("QUICKSTART OK");
    }
}
