package io.tractfs.metadata.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure packages see no network, database, consensus, thread, clock or random source; Protobuf stops at codecs. */
class NamespacePurityTest {
    private static final Path SOURCES = Path.of("src/main/java/io/tractfs/metadata");

    private static final Pattern IMPURE = Pattern.compile("io\\.netty|org\\.apache\\.(ratis|hadoop)|org\\.rocksdb"
            + "|java\\.(net|nio\\.file|nio\\.channels)\\b|java\\.util\\.Random|SecureRandom|UUID\\.randomUUID"
            + "|System\\.(nanoTime|currentTimeMillis)|new Thread\\b|Executor|java\\.time\\.(Instant|Clock)");

    private static final Pattern PROTOBUF = Pattern.compile("com\\.google\\.protobuf|\\.proto\\.");

    /** Reading and writing of stored messages, shared by the codecs. */
    private static final String CODECS = ".*(Codec|Records)\\.java";

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "permission"})
    void seesNothingImpure(String name) throws IOException {
        for (Path file : sources(name)) {
            String text = Files.readString(file);
            assertThat(IMPURE.matcher(text).results().map(match -> match.group()))
                    .as(file.toString())
                    .isEmpty();
            if (!file.toString().matches(CODECS)) {
                assertThat(PROTOBUF.matcher(text).find()).as(file.toString()).isFalse();
            }
        }
    }

    private static List<Path> sources(String name) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }
}
