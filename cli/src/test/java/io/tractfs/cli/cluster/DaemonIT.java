package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, of a script in place of the launcher. */
class DaemonIT {
    @TempDir
    Path home;

    private Cluster cluster;
    private Daemon daemon;

    @BeforeEach
    void create() throws Exception {
        cluster = cluster("while :; do read -t 1 x < /dev/zero || :; done");
        daemon = cluster.daemon("tract-1");
    }

    private Cluster cluster(String body) throws Exception {
        Path script = Files.writeString(home.resolve("tractfs"), "#!/bin/bash\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        ClusterShape shape = new ClusterShape(
                Optional.empty(),
                Optional.of(1),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        ClusterDirectory directory = ClusterDirectory.of(home.resolve("cluster" + body.length()));
        Cluster made = Cluster.create(directory, shape.fresh(), new Launcher(script));
        made.writeSettings();
        return made;
    }

    @AfterEach
    void kill() throws Exception {
        cluster.kill(daemon);
    }

    @Test
    void isFrozenResumedAndKilled() throws Exception {
        assertThat(daemon.state()).isEqualTo(ProcessTable.State.DEAD);

        daemon.start(List.of());
        daemon.awaitState(ProcessTable.State.RUNNING);
        daemon.signal(ProcessTable.Signal.STOP);
        daemon.awaitState(ProcessTable.State.FROZEN);
        daemon.signal(ProcessTable.Signal.CONT);
        daemon.awaitState(ProcessTable.State.RUNNING);
        cluster.kill(daemon);

        assertThat(daemon.state()).isEqualTo(ProcessTable.State.DEAD);
    }

    @Test
    void livesWhileOneProgramAfterTheOtherTakesItsPlace() throws Exception {
        Cluster restless = cluster("((${N:-0} == 400)) || N=$((${N:-0} + 1)) exec \"$0\" \"$@\"; : >> ready;"
                + " while :; do read -t 1 x < /dev/zero || :; done");
        Daemon changing = restless.daemon("tract-1");
        Path ready = restless.directory().root().resolve("ready");
        changing.start(List.of());
        try {
            while (!Files.exists(ready)) {
                assertThat(changing.state()).isEqualTo(ProcessTable.State.RUNNING);
            }
        } finally {
            restless.kill(changing);
        }
    }

    @Test
    void endsThoughItIsFrozen() throws Exception {
        daemon.start(List.of());
        daemon.awaitState(ProcessTable.State.RUNNING);
        daemon.signal(ProcessTable.Signal.STOP);
        daemon.awaitState(ProcessTable.State.FROZEN);

        cluster.end(List.of(daemon), quiet());

        assertThat(daemon.state()).isEqualTo(ProcessTable.State.DEAD);
    }

    @Test
    void showsTheLastWordsOfAServerThatEndsAtOnce() throws Exception {
        Cluster broken = cluster("echo \"no such disk: $*\"; exit 1");

        assertThatThrownBy(() -> broken.start(List.of(broken.daemon("tract-1")), quiet()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("tract-1 ended")
                .hasMessageContaining("no such disk: tract-server --conf")
                .hasMessageContaining("--format --cluster-id " + broken.plan().cluster());
    }

    @Test
    void formatsNothingTwiceAndGoesOnWithoutAServerThatHadData() throws Exception {
        Cluster broken = cluster("echo \"started: $*\"; exit 1");
        broken.replan(broken.plan().withFormatted(ServerName.tract(1)));

        assertThat(broken.start(List.of(broken.daemon("tract-1")), quiet())).hasSize(1);

        assertThatThrownBy(() -> broken.startOne(broken.daemon("tract-1"), quiet()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("started: tract-server")
                .hasMessageNotContaining("--format");
    }

    @Test
    void refusesADirectoryWithOtherThings() throws Exception {
        ClusterDirectory used = ClusterDirectory.of(Files.createDirectory(home.resolve("used")));
        Files.writeString(used.root().resolve("thesis.txt"), "mine");

        assertThatThrownBy(() -> Cluster.create(used, cluster.plan(), new Launcher(home)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() -> Cluster.open(used, new Launcher(home)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("There is no cluster in");
    }

    private static Progress quiet() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    }
}
