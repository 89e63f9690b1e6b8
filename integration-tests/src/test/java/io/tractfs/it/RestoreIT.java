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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** The disks of all metadata servers are lost: the namespace comes back from a backup, or from what tract servers keep. */
class RestoreIT {
    private static final long LENGTH = 9_000_000;
    private static final Path KEPT = new Path("/tmp/kept");
    private static final Path DELETED = new Path("/tmp/deleted");
    private static final Path LATER = new Path("/tmp/later");

    @Test
    void restoredBackupUndoesWhatCameAfterItAndLosesNothingElse() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(4, "-D", "tract.store.garbage.delay=0ms")) {
            java.nio.file.Path backup = cluster.directory().resolve("backup");
            try (FileSystem files = cluster.newFileSystem()) {
                write(files, KEPT, 1);
                write(files, DELETED, 2);
                cluster.admin("metadata", "backup", backup.toString());
                assertThat(files.delete(DELETED, false)).isTrue();
                write(files, LATER, 3);
                try (OutputStream out = files.append(KEPT)) {
                    new RandomFile(4, LENGTH).writeTo(out);
                }
            }
            Await.until("the deleted file is in trash", () -> hasTrash(cluster));
            // Rows move on to versions that the backup does not know, under epochs that it does not know.
            kill(cluster, "tract-3");
            cluster.awaitInSyncOn(3);
            cluster.restart("metadata-1");

            loseDisks(cluster, "metadata-1");
            Command.Outcome waited = restore(cluster, backup.toString(), "--timeout", "1");
            assertThat(waited.exitCode()).isEqualTo(1);
            assertThat(waited.output()).contains("missing: [tract-3]");
            cluster.restart("tract-3");
            try (FileSystem files = cluster.newFileSystem()) {
                read(files, KEPT, 1);
                Await.until("the deleted file is back from trash", () -> isReadable(files, DELETED));
                read(files, DELETED, 2);
                assertThat(files.exists(LATER)).isFalse();
                try (OutputStream out = files.append(KEPT)) {
                    new RandomFile(5, LENGTH).writeTo(out);
                }
                try (InputStream in = files.open(KEPT)) {
                    in.skipNBytes(LENGTH);
                    new RandomFile(5, LENGTH).assertEqualTo(in);
                }
                cluster.awaitInSync();
                assertThat(cluster.admin("report")).contains("nothing is deleted until");
                assertThat(cluster.admin("metadata", "confirm")).contains("confirmed");
                assertThat(cluster.admin("report")).doesNotContain("nothing is deleted until");
                Await.until("all is healthy", () -> cluster.fsck("/").run().exitCode() == 0);
                read(files, DELETED, 2);
            }
        }
    }

    @Test
    void namespaceComesBackFromTractServersWhenAllMetadataDisksAndATractServerAreLost() throws IOException {
        try (ProcessCluster cluster =
                ProcessCluster.start(3, "--metadata-servers", "3", "-D", "tract.store.namespace.copy.interval=1s")) {
            try (FileSystem files = cluster.newFileSystem()) {
                write(files, KEPT, 1);
            }
            awaitLaterCopies(cluster);
            kill(cluster, "tract-3");
            loseDisks(cluster, "metadata-1", "metadata-2", "metadata-3");
            restore(cluster, "--from-tract-servers", "--without", "tract-3").orFail();
            try (FileSystem files = cluster.newFileSystem()) {
                read(files, KEPT, 1);
                write(files, LATER, 2);
                read(files, LATER, 2);
            }
            assertThat(cluster.admin("metadata", "confirm")).contains("confirmed");
            cluster.restart("tract-3"); // The verdict on it is over: it joins as an empty one does.
            cluster.awaitInSyncOn(3);
            assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
        }
    }

    private static void kill(ProcessCluster cluster, String... names) {
        List<Long> pids = cluster.pids(List.of(names));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
    }

    private static Command.Outcome restore(ProcessCluster cluster, String... arguments) {
        return Command.tractfs(Stream.concat(
                                Stream.of(
                                        "admin",
                                        "metadata",
                                        "restore",
                                        "--dir",
                                        cluster.directory().toString()),
                                Stream.of(arguments))
                        .toArray(String[]::new))
                .run();
    }

    private static boolean hasTrash(ProcessCluster cluster) throws IOException {
        for (int server = 1; server <= 4; server++) {
            try (Stream<java.nio.file.Path> trash =
                    Files.list(store(cluster, server).resolve("trash"))) {
                if (trash.findAny().isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A copy is made only of a log that has grown; the second one that ends from now on has begun from now on. */
    private static void awaitLaterCopies(ProcessCluster cluster) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            for (int round = 1; round <= 2; round++) {
                files.mkdirs(new Path("/tmp/round-" + round));
                long begun = System.currentTimeMillis();
                Await.until(
                        "each tract server has a later copy",
                        () -> copies(cluster).size() == 3
                                && copies(cluster).stream()
                                        .allMatch(copy -> copy.toFile().lastModified() > begun));
            }
        }
    }

    private static List<java.nio.file.Path> copies(ProcessCluster cluster) {
        return Stream.of(1, 2, 3)
                .map(server -> store(cluster, server).resolve("namespace.backup"))
                .filter(Files::exists)
                .toList();
    }

    private static java.nio.file.Path store(ProcessCluster cluster, int server) {
        return cluster.directory().resolve("data/tract-" + server + "/store-1");
    }

    private static void loseDisks(ProcessCluster cluster, String... names) throws IOException {
        kill(cluster, names);
        for (String name : names) {
            try (Stream<java.nio.file.Path> all =
                    Files.walk(cluster.directory().resolve("data").resolve(name))) {
                for (java.nio.file.Path path :
                        all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static boolean isReadable(FileSystem files, Path path) {
        try {
            read(files, path, 2);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(FileSystem files, Path path, int seed) throws IOException {
        try (OutputStream out = files.create(path, true)) {
            new RandomFile(seed, LENGTH).writeTo(out);
        }
    }

    private static void read(FileSystem files, Path path, int seed) throws IOException {
        try (InputStream in = files.open(path)) {
            new RandomFile(seed, LENGTH).assertEqualTo(in);
        }
    }
}
