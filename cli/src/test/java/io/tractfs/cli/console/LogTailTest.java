package io.tractfs.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path directory;

    @Test
    void showsTheLastThirtyLines() throws Exception {
        String lines = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
        Path log = Files.writeString(directory.resolve("a.log"), lines);

        assertThat(LogTail.of(log))
                .startsWith("--- end of " + log + "\n19970\n")
                .endsWith("19999\n");
    }

    @Test
    void showsNothingOfAnEmptyOrMissingLog() throws Exception {
        assertThat(LogTail.of(directory.resolve("none.log"))).isEmpty();
        assertThat(LogTail.of(Files.createFile(directory.resolve("empty.log")))).isEmpty();
    }
}
