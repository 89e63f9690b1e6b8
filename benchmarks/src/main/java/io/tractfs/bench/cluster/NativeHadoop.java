package io.tractfs.bench.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Hadoop's native library, which short-circuit reads need and which makes HDFS's checksums faster: our jar carries the
 * one that Trino publishes. Immutable.
 */
final class NativeHadoop {
    private final Optional<Path> directory;

    private NativeHadoop(Optional<Path> directory) {
        this.directory = directory;
    }

    /** Unpacks the library for this machine, if there is one. */
    static NativeHadoop unpack(Path directory) throws IOException {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        try (InputStream in = NativeHadoop.class.getResourceAsStream("/nativelib/" + platform + "/libhadoop.so")) {
            if (in == null) {
                return new NativeHadoop(Optional.empty());
            }
            Files.createDirectories(directory);
            Path library = directory.resolve("libhadoop.so");
            Files.deleteIfExists(library);
            Files.copy(in, library);
            return new NativeHadoop(Optional.of(directory));
        }
    }

    /** Whether there is one. */
    boolean present() {
        return directory.isPresent();
    }

    /** As options of the JVM. */
    List<String> options() {
        return directory.map(path -> List.of("-Djava.library.path=" + path)).orElse(List.of());
    }
}
