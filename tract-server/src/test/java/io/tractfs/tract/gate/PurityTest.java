package io.tractfs.tract.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure packages see no Netty, Protobuf, RocksDB, thread, system clock or random source. */
class PurityTest {
    private static final Path SOURCES = Path.of("src/main/java/io/tractfs/tract");
    private static final List<String> FORBIDDEN = List.of(
            "io.netty",
            "com.google.protobuf",
            "io.tractfs.wire",
            "org.rocksdb",
            "org.slf4j",
            "java.io.",
            "java.nio.channels",
            "java.nio.file",
            "java.net",
            "java.util.concurrent.Exec",
            "java.util.concurrent.locks",
            "java.util.Random",
            "java.time.",
            "io.tractfs.time",
            "new Thread(",
            "Thread.",
            "System.nanoTime",
            "System.currentTimeMillis",
            "Math.random",
            "UUID.randomUUID",
            "ThreadLocalRandom");

    @ParameterizedTest
    @ValueSource(strings = {"gate", "reconcile"})
    void seesNothingOfTheWorldOutside(String name) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).hasSizeGreaterThan(5);
            for (Path source : sources) {
                assertThat(Files.readString(source))
                        .as(source.toString())
                        .doesNotContain(FORBIDDEN.toArray(new String[0]));
            }
        }
    }
}
