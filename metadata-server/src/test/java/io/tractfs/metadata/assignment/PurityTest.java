package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pure packages see no network, message format, log, database, thread, clock or random source. */
class PurityTest {
    private static final List<String> FORBIDDEN = List.of(
            "io/netty",
            "com/google/protobuf",
            "io/tractfs/wire",
            "io/tractfs/time",
            "io/tractfs/metadata/raft",
            "io/tractfs/metadata/rocks",
            "io/tractfs/metadata/server",
            "org/apache",
            "org/rocksdb",
            "org/slf4j",
            "java/net",
            "java/nio",
            "java/io/",
            "java/time",
            "java/lang/Thread",
            "java/lang/System",
            "java/util/Random",
            "java/util/concurrent/atomic",
            "java/util/concurrent/locks",
            "java/util/concurrent/Executor",
            "randomUUID",
            "nanoTime",
            "currentTimeMillis");

    @Test
    void purePackagesSeeNothingOfTheOutside() throws IOException, URISyntaxException {
        Path classes = Path.of(AssignmentCore.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        int seen = 0;
        for (String pure : List.of("assignment", "planning", "recovery")) {
            try (Stream<Path> files = Files.list(classes.resolve("io/tractfs/metadata/" + pure))) {
                for (Path file : files.filter(one -> isCompiledMainClass(one)).toList()) {
                    String constants = Files.readString(file, StandardCharsets.ISO_8859_1);
                    assertThat(FORBIDDEN)
                            .as("what %s refers to", file.getFileName())
                            .noneMatch(constants::contains);
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    private static boolean isCompiledMainClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".class") && !name.contains("Test") && !name.startsWith("InMemory");
    }
}
