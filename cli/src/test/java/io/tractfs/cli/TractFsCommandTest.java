package io.tractfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.cli.console.Launcher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TractFsCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void pretendToBeLaunched() {
        System.setProperty("tractfs.home", directory.toString());
    }

    @AfterEach
    void clear() {
        System.clearProperty("tractfs.home");
    }

    @Test
    void helpsWithEveryCommand() {
        for (List<String> path : paths(TractFsCommand.commandLine(), List.of())) {
            List<String> words = new ArrayList<>(path);
            words.add("--help");

            assertThat(run(words.toArray(String[]::new))).as("%s", words).isZero();
            assertThat(out.toString()).contains("Usage: tractfs" + (path.isEmpty() ? "" : " " + path.get(0)));
        }
    }

    private static List<List<String>> paths(CommandLine commandLine, List<String> above) {
        List<List<String>> all = new ArrayList<>(List.of(above));
        commandLine.getSubcommands().forEach((name, below) -> {
            List<String> path = new ArrayList<>(above);
            path.add(name);
            all.addAll(paths(below, path));
        });
        return all;
    }

    @Test
    void exitsWithTwoOnWrongUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("cluster")).isEqualTo(2);
        assertThat(run("cluster", "stop")).isEqualTo(2);
        assertThat(run("admin", "report")).isEqualTo(2);
        assertThat(run("nothing")).isEqualTo(2);
        assertThat(run("quickstart", "--size", "big")).isEqualTo(2);
        assertThat(run("quickstart", "--size", "1")).isEqualTo(2);
    }

    @Test
    void exitsWithOneAndAMessageWhereThereIsNoCluster() {
        String none = directory.resolve("none").toString();

        assertThat(run("cluster", "status", "--dir", none)).isEqualTo(1);
        assertThat(run("cluster", "kill", "tract-1", "--dir", none)).isEqualTo(1);
        assertThat(run("admin", "report", "--dir", none)).isEqualTo(1);
        assertThat(err.toString())
                .contains("tractfs: There is no cluster in " + none)
                .doesNotContain("\tat ");
    }

    @Test
    void startsTheLauncherOfItsOwnHome() throws Exception {
        assertThat(Launcher.ofThisProcess().command(List.of("fs", "-ls")))
                .containsExactly(directory.resolve("bin/tractfs").toString(), "fs", "-ls");
    }

    private int run(String... arguments) {
        return TractFsCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
