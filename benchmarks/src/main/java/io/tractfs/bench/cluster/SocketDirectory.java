package io.tractfs.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a place for domain sockets: HDFS refuses one below a directory that everybody may write to, such as
 * {@code /tmp}. Stateless, thread-safe.
 */
final class SocketDirectory {
    private SocketDirectory() {}

    /** Makes a directory that is this run's alone. */
    static Path make() throws IOException {
        List<Path> places = new ArrayList<>();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null) {
            places.add(Path.of(runtime));
        }
        places.add(Path.of("/run"));
        places.add(Path.of(System.getProperty("user.home")));
        for (Path place : places) {
            if (Files.isDirectory(place) && Files.isWritable(place)) {
                return Files.createTempDirectory(place, "tractfs-bench");
            }
        }
        throw new IOException("No place for the domain sockets of HDFS: none of " + places + " can be written to.");
    }
}
