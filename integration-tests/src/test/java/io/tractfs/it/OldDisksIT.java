package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.Command;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Disks whose content is old come back: nothing on them is believed. Run on demand, by {@code -Dtractfs.overlap=all}. */
@EnabledIfSystemProperty(named = "tractfs.overlap", matches = "all")
class OldDisksIT {
    private static final int SERVERS = 4;
    private static final int FILES = 8;
    private static final long LENGTH = 3_000_000;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    @BeforeAll
    static void startCluster() {
        cluster = ProcessCluster.start(SERVERS);
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
    }

    @BeforeEach
    void open() throws IOException {
        files = cluster.newFileSystem();
        cluster.awaitInSyncOn(SERVERS);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void anOldDiskRevivesNothingAndHidesNothing() throws IOException {
        write("disk", 0, FILES);
        kill("tract-2");
        Path old = copy("tract-2");
        cluster.restart("tract-2");
        cluster.awaitInSyncOn(SERVERS);
        for (int i = 0; i < 3; i++) {
            assertThat(files.delete(path("disk", i), false)).isTrue();
        }
        try (OutputStream out = files.append(path("disk", 3))) {
            new RandomFile(100, LENGTH).writeTo(out);
        }
        write("disk", FILES, FILES + 3);

        kill("tract-2");
        replace("tract-2", old);
        cluster.restart("tract-2");
        cluster.awaitInSyncOn(SERVERS);
        kill("tract-3"); // More is asked of what came back.
        read("disk", 4, FILES + 3);
        try (InputStream in = files.open(path("disk", 3))) {
            in.skipNBytes(LENGTH);
            new RandomFile(100, LENGTH).assertEqualTo(in);
        }
        cluster.restart("tract-3");
        cluster.awaitInSyncOn(SERVERS);
        assertThat(files.exists(path("disk", 0))).isFalse();
        Await.until(
                "all is healthy, without orphans", () -> cluster.fsck("/").run().exitCode() == 0);
        assertThat(Files.readString(cluster.directory().resolve("logs/metadata-1.log")))
                .contains("event=store-lost-writes");
    }

    @Test
    void anOldCopyOfTheMetadataServersDiskIsRefusedUntilTheNewOneIsBack() throws IOException {
        write("names", 0, 2);
        kill("metadata-1");
        Path old = copy("metadata-1");
        cluster.restart("metadata-1");
        write("names", 2, 4);
        kill("metadata-1");
        Path newest = copy("metadata-1");

        replace("metadata-1", old);
        cluster.restart("metadata-1");
        Await.until("the old copy has stopped", () -> report().contains("not in the log"));
        assertThat(report()).doesNotContain("in sync: yes");
        kill("metadata-1");
        replace("metadata-1", newest);
        cluster.restart("metadata-1");
        read("names", 0, 4);
        cluster.awaitInSyncOn(SERVERS);
        assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
    }

    private static String report() {
        return Command.tractfs("admin", "report", "--dir", cluster.directory().toString())
                .run()
                .output();
    }

    private static void kill(String name) {
        List<Long> pids = cluster.pids(List.of(name));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
    }

    private static Path copy(String server) throws IOException {
        Path from = cluster.directory().resolve("data").resolve(server);
        Path to = Files.createTempDirectory(cluster.directory(), "old").resolve(server);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    private static void replace(String server, Path by) throws IOException {
        Path data = cluster.directory().resolve("data").resolve(server);
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        Files.move(by, data);
    }

    private void write(String name, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (OutputStream out = files.create(path(name, i), true)) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private void read(String name, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (InputStream in = files.open(path(name, i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }

    private static org.apache.hadoop.fs.Path path(String name, int i) {
        return new org.apache.hadoop.fs.Path("/tmp/" + name + "/" + i);
    }
}
