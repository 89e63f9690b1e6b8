package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** Safe mode from the command line. */
class SafeModeIT {
    private static final Path DIRECTORY = new Path("/safe-mode/directory");

    @Test
    void changesAreRefusedUntilAnOperatorAllowsThem() throws Exception {
        ProcessCluster cluster = SharedCluster.get();
        try (FileSystem files = cluster.newFileSystem()) {
            assertThat(cluster.admin("safemode", "get")).contains("Safe mode is OFF");
            try {
                assertThat(cluster.admin("safemode", "enter")).contains("Safe mode is ON");
                assertThatThrownBy(() -> files.mkdirs(DIRECTORY))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("safe mode");
                assertThat(files.exists(new Path("/"))).isTrue();
            } finally {
                assertThat(cluster.admin("safemode", "leave")).contains("Safe mode is OFF");
            }
            assertThat(cluster.admin("safemode", "wait")).contains("Safe mode is OFF");
            assertThat(files.mkdirs(DIRECTORY)).isTrue();
        }
    }
}
