package io.tractfs.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppliedSegmentsTest {
    @TempDir
    Path group;

    @BeforeEach
    void makeLog() throws IOException {
        Files.createDirectories(group.resolve("current"));
        for (String name : List.of("log_0-9", "log_10-99", "log_100-149", "log_inprogress_150", "raft-meta")) {
            Files.createFile(group.resolve("current").resolve(name));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(group.resolve("current"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void dropsOnlyWhatIsWhollyApplied() throws IOException {
        AppliedSegments.drop(group, 120);
        assertThat(names()).containsExactly("log_100-149", "log_inprogress_150", "raft-meta");
    }

    @Test
    void keepsTheLogOfAStateThatHasNothing() throws IOException {
        AppliedSegments.drop(group, -1);
        assertThat(names()).hasSize(5);
        AppliedSegments.drop(group.resolve("none"), 5);
    }
}
