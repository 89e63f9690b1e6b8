package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.Command;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.StoreFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A byte that rots in each kind of file that a metadata server keeps, under real processes: the server goes on with all that
 * was acknowledged, or refuses and says which file or part is damaged; never is anything silently lost. What is damaged in
 * many places and ways is in the metadata server's own tests. All kinds: {@code -Dtractfs.damage.kinds=all}.
 */
class MetadataDamageIT {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataDamageIT.class);
    private static final int LENGTH = 20_000;

    private static final boolean ALL = "all".equals(System.getProperty("tractfs.damage.kinds"));

    /** Parts of names of files, of the server's own, of the log's and of the database's. */
    private static final List<String> KINDS = ALL
            ? List.of(
                    "identity",
                    "identity.copy",
                    "flushed",
                    "raft-meta",
                    "raft-meta.conf",
                    "raft-meta.copy",
                    "log_inprogress",
                    "CURRENT",
                    "MANIFEST",
                    "OPTIONS",
                    "IDENTITY",
                    ".log",
                    ".sst")
            : List.of("identity", "raft-meta.conf", "log_inprogress", "MANIFEST", ".sst");

    /** Kinds that one of several servers is damaged in; it gets them from the others. */
    private static final List<String> SHARED_KINDS =
            ALL ? List.of("log_inprogress", "raft-meta", ".log") : List.of("log_inprogress");

    private final List<String> written = new ArrayList<>();

    @Test
    void aLoneServerGoesOnWithAllOfItOrSaysWhatIsDamaged() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(3, "-Dtract.metadata.snapshot.entries=100")) {
            List<String> refused = new ArrayList<>();
            for (String kind : KINDS) {
                write(cluster, 12);
                cluster.kill("metadata-1");
                Path data = cluster.directory().resolve("data/metadata-1");
                Path sound = data.resolveSibling("metadata-1.sound");
                copy(data, sound);
                Path file = flipIn(data, kind);
                Command.Outcome outcome = cluster.restarted("metadata-1");
                String reason = outcome.exitCode() == 0 ? failure(cluster) : outcome.output();
                LOG.info("damaged {}: {}", file, reason.isEmpty() ? "goes on" : reason);
                if (!reason.isEmpty()) {
                    refused.add(kind);
                    assertThat(reason).as("file " + file).containsPattern("damaged|corrupt|mismatch");
                    if (outcome.exitCode() == 0) {
                        // The stores have seen its new epoch, and would refuse the copy as an old one (P29).
                        cluster.kill("metadata-1");
                        StoreFiles.flip(file, middle(file));
                    } else {
                        copy(sound, data);
                    }
                    cluster.restart("metadata-1");
                }
                assertThat(failure(cluster)).as("after " + kind).isEmpty();
            }
            LOG.info("refused: {}", refused);
            assertThat(refused)
                    .as("what has a copy, or can be made anew")
                    .doesNotContain(
                            "identity",
                            "identity.copy",
                            "flushed",
                            "raft-meta",
                            "raft-meta.conf",
                            "raft-meta.copy",
                            "OPTIONS");
        }
    }

    @Test
    void oneOfSeveralServersGetsWhatRottedFromTheOthers() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(3, "--metadata-servers", "3")) {
            for (int i = 0; i < SHARED_KINDS.size(); i++) {
                String name = "metadata-" + (1 + i);
                write(cluster, 12);
                cluster.kill(name);
                Path data = cluster.directory().resolve("data").resolve(name);
                Path file = flipIn(data, SHARED_KINDS.get(i));
                write(cluster, 1);
                Command.Outcome outcome = cluster.restarted(name);
                LOG.info("damaged {}: {} {}", file, outcome.exitCode(), outcome.output());
                if (outcome.exitCode() != 0) {
                    assertThat(outcome.output()).as("file " + file).containsIgnoringCase("damaged");
                    run("rm", "-r", data.toString());
                    cluster.restart(name);
                }
                Await.until("all metadata servers have the log", () -> isComplete(cluster));
                String other = "metadata-" + (1 + (i + 1) % 3);
                cluster.kill(other);
                assertThat(failure(cluster)).as("with " + name + " of two").isEmpty();
                cluster.restart(other);
                Await.until("all metadata servers have the log", () -> isComplete(cluster));
            }
        }
    }

    private static boolean isComplete(ProcessCluster cluster) {
        List<String> followers = cluster.admin("report")
                .lines()
                .filter(line -> line.contains("entries behind"))
                .toList();
        return followers.size() == 2
                && followers.stream()
                        .allMatch(line -> line.matches(".*, [0-9]{1,2} entries behind, heard [0-9]{1,3} ms ago"));
    }

    /** Flips the middle byte of what is written of the newest file of a kind. */
    private static Path flipIn(Path data, String kind) throws IOException {
        Path file;
        try (Stream<Path> walk = Files.walk(data)) {
            file = walk.filter(Files::isRegularFile)
                    .filter(one -> isOfKind(one.getFileName().toString(), kind))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new AssertionError("no " + kind + " in " + data));
        }
        StoreFiles.flip(file, middle(file));
        return file;
    }

    /** Of what is written; zeros at the end are not. */
    private static int middle(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int used = bytes.length;
        while (used > 1 && bytes[used - 1] == 0) {
            used--;
        }
        return used / 2;
    }

    private static boolean isOfKind(String name, String kind) {
        return kind.startsWith(".")
                ? name.endsWith(kind)
                : name.equals(kind) || name.startsWith(kind + "-") || name.startsWith(kind + "_");
    }

    private static void copy(Path from, Path to) {
        run("rm", "-rf", to.toString());
        run("cp", "-a", from.toString(), to.toString());
    }

    private static void run(String... words) {
        new Command(List.of(words), Map.of(), 60).run().orFail();
    }

    private void write(ProcessCluster cluster, int count) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            for (int i = 0; i < count; i++) {
                String name = "/tmp/names/f" + written.size();
                try (OutputStream out = files.create(new org.apache.hadoop.fs.Path(name))) {
                    new RandomFile(written.size(), LENGTH).writeTo(out);
                }
                written.add(name);
            }
        }
    }

    /** Why not all that was written can be read, and more written; empty if it can. What is silently gone fails the test. */
    private String failure(ProcessCluster cluster) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            FileStatus[] listed = files.listStatus(new org.apache.hadoop.fs.Path("/tmp/names"));
            assertThat(listed).hasSize(written.size());
            for (int i = 0; i < written.size(); i++) {
                try (InputStream in = files.open(new org.apache.hadoop.fs.Path(written.get(i)))) {
                    new RandomFile(i, LENGTH).assertEqualTo(in);
                }
            }
            write(cluster, 1);
            return "";
        } catch (FileNotFoundException e) {
            throw new AssertionError("silently lost", e);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
