package io.tractfs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    private static final String MARKER = "/clusters/a/conf/tract-1.xml";

    @TempDir
    Path proc;

    @Test
    void tellsRunningFrozenAndDeadApart() throws Exception {
        process(10, MARKER, "S");
        process(11, MARKER, "T");
        process(12, MARKER, "Z");

        assertThat(state(10)).isEqualTo(ProcessTable.State.RUNNING);
        assertThat(state(11)).isEqualTo(ProcessTable.State.FROZEN);
        assertThat(state(12)).isEqualTo(ProcessTable.State.DEAD);
        assertThat(state(13)).isEqualTo(ProcessTable.State.DEAD);
    }

    @Test
    void takesAnotherProcessOfTheSameNumberForADeadServer() throws Exception {
        process(10, "/clusters/b/conf/tract-1.xml", "R");

        assertThat(state(10)).isEqualTo(ProcessTable.State.DEAD);
    }

    @Test
    void doesNotTakeAServerForDeadWhileItsLauncherMakesWayForIt() throws Exception {
        process(10, MARKER, "R");
        Files.writeString(proc.resolve("10/cmdline"), "");

        assertThat(state(10)).isEqualTo(ProcessTable.State.RUNNING);
    }

    @Test
    void findsAServerByTheEndOfALongCommandLine() throws Exception {
        process(10, "x".repeat(200_000) + "\0" + MARKER, "S");

        assertThat(state(10)).isEqualTo(ProcessTable.State.RUNNING);
    }

    private ProcessTable.State state(long pid) {
        return new ProcessTable(proc).state(pid, MARKER);
    }

    /** The command's name is whatever the program likes it to be. */
    private void process(long pid, String argument, String letter) throws IOException {
        Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(directory.resolve("cmdline"), "java\0--conf\0" + argument + "\0");
        Files.writeString(directory.resolve("stat"), pid + " (ja) T va) " + letter + " 1 1 1 0\n");
    }
}
