package io.tractfs.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, of a script in place of the launcher. */
class JobRunnerIT {
    @TempDir
    Path home;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private JobRunner runner;

    @BeforeEach
    void create() throws Exception {
        Path script = Files.writeString(
                home.resolve("tractfs"), "#!/bin/bash\necho \"result of $*\"\necho \"log\" >&2\nexit \"$1\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        ClusterDirectory directory = ClusterDirectory.of(home.resolve("cluster"));
        directory.create();
        Progress progress = new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
        runner = new JobRunner(directory, new Launcher(script), progress);
    }

    @Test
    void keepsOutputAndLogApart() throws Exception {
        Job job = new Job("sort", "sorting", List.of("0", "a b"));

        Path output = runner.run(job);

        assertThat(output).hasContent("result of 0 a b\n");
        assertThat(runner.log(job)).hasContent("log\n");
        assertThat(shown.toString(StandardCharsets.UTF_8)).containsPattern("sorting +[0-9.]+ s\n");
    }

    @Test
    void showsBothOfAJobThatFails() {
        assertThatThrownBy(() -> runner.run(new Job("sort", "sorting", List.of("3"))))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("sorting failed with status 3")
                .hasMessageContaining("result of 3")
                .hasMessageContaining("log");
    }
}
