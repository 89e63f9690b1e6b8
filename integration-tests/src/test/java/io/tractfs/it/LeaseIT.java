package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.crash.StubbornWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two writers of one file: at most one makes progress, nothing that was flushed is lost, and the other is told. */
class LeaseIT {
    private static final long WITHIN_MS = 90_000;
    private static final int POLL_MS = 50;
    private static final int FEW = 10;
    private static final byte[] OTHER = new byte[70_000];

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    @SuppressWarnings("NullAway.Init") // set by each test
    private Process writer;

    @BeforeAll
    static void startCluster() {
        Arrays.fill(OTHER, (byte) 'B');
        cluster = ProcessCluster.start(
                3,
                "-D",
                "tract.metadata.tract.size=64KiB",
                "-D",
                "tract.metadata.lease.soft=1s",
                "-D",
                "tract.metadata.lease.hard=10s");
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
    }

    @BeforeEach
    void open() throws IOException {
        files = cluster.newFileSystem();
    }

    @AfterEach
    void close() throws IOException {
        writer.destroyForcibly();
        files.close();
    }

    @Test
    void aWriterThatWasFrozenLosesItsFileToOneThatAppends() throws Exception {
        org.apache.hadoop.fs.Path file = write("frozen");
        cluster.signal("STOP", List.of(writer.pid()));
        long acknowledged = acknowledged();
        await(() -> {
            try (OutputStream out = files.append(file)) {
                out.write(OTHER);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        cluster.signal("CONT", List.of(writer.pid()));
        assertThat(endOfWriter()).contains("Exception");
        assertContent(file, acknowledged, OTHER.length);
    }

    @Test
    void aWriterThatLivesLosesItsFileToRecoverLease() throws Exception {
        org.apache.hadoop.fs.Path file = write("alive");
        LeaseRecoverable leases = (LeaseRecoverable) files;
        assertThat(leases.isFileClosed(file)).isFalse();
        long acknowledged = acknowledged();
        boolean unused = leases.recoverLease(file);
        await(() -> leases.isFileClosed(file));
        long length = files.getFileStatus(file).getLen();
        assertThat(endOfWriter()).contains("Exception");
        assertThat(acknowledged())
                .as("all that was acknowledged, also to the last")
                .isLessThanOrEqualTo(length);
        assertThat(files.getFileStatus(file).getLen()).isEqualTo(length);
        assertContent(file, acknowledged, 0);
    }

    @Test
    void theServerClosesTheFileOfAWriterThatIsSilentForTheHardLimit() throws Exception {
        org.apache.hadoop.fs.Path file = write("silent");
        cluster.signal("STOP", List.of(writer.pid()));
        long acknowledged = acknowledged();
        await(() -> ((LeaseRecoverable) files).isFileClosed(file));
        assertContent(file, acknowledged, 0);
        cluster.signal("CONT", List.of(writer.pid()));
        assertThat(endOfWriter()).contains("Exception");
        assertContent(file, acknowledged, 0);
    }

    @Test
    void aWriterLivesThroughAnOutageOfTheMetadataServerThatOutlastsItsLease() throws Exception {
        org.apache.hadoop.fs.Path file = write("outage");
        cluster.kill("metadata-1");
        Thread.sleep(3_000); // Three times the soft limit: the writer has to stop by itself.
        long acknowledged = acknowledged();
        cluster.startAgain();
        await(() -> acknowledged() > acknowledged);
        writer.destroyForcibly();
        long last = acknowledged();
        boolean unused = ((LeaseRecoverable) files).recoverLease(file);
        await(() -> ((LeaseRecoverable) files).isFileClosed(file));
        assertContent(file, last, 0);
    }

    /** Starts a writer and waits for its first records. */
    private org.apache.hadoop.fs.Path write(String name) throws Exception {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path("/lease/" + name);
        writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StubbornWriter.class.getName(),
                        cluster.configurationDirectory()
                                .resolve("core-site.xml")
                                .toString(),
                        journal().toString(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        await(() -> Files.exists(journal()) && acknowledged() > FEW * StubbornWriter.RECORD);
        return file;
    }

    private Path journal() {
        return directory.resolve("journal");
    }

    private long acknowledged() throws IOException {
        return Files.readString(journal()).chars().filter(sign -> sign == '+').count() * StubbornWriter.RECORD;
    }

    private String endOfWriter() throws Exception {
        assertThat(writer.waitFor(WITHIN_MS, TimeUnit.MILLISECONDS))
                .as("the writer ends")
                .isTrue();
        return Files.readString(journal());
    }

    private void assertContent(org.apache.hadoop.fs.Path file, long atLeast, int others) throws IOException {
        byte[] content;
        try (InputStream in = files.open(file)) {
            content = in.readAllBytes();
        }
        int first = content.length - others;
        assertThat((long) first).isGreaterThanOrEqualTo(atLeast);
        for (int i = 0; i < content.length; i++) {
            if (content[i] != (i < first ? StubbornWriter.FILL : (byte) 'B')) {
                throw new AssertionError(
                        "other byte at " + i + " of " + content.length + ", first writer up to " + first);
            }
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + WITHIN_MS * 1_000_000;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(POLL_MS);
        }
    }
}
