package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.JsonText;
import io.tractfs.testkit.JsonText.JsonObject;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** What an operator does with servers: empties them, restarts them, gives them up. */
class OperatorIT {
    private static final long LENGTH = 9_000_000;

    @Test
    void drainedServerIsSwitchedOffWithoutLoss() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(4);
                FileSystem files = cluster.newFileSystem()) {
            writeAll(files, "before", 12);
            assertThat(cluster.admin("drain", "tract-2")).contains("tract-2 drains");
            cluster.kill("metadata-1");
            cluster.restart("metadata-1");
            writeAll(files, "meanwhile", 6);
            assertThat(cluster.admin("drain", "tract-2", "--wait", "--timeout", "120"))
                    .contains("tract-2 is empty and can be switched off");
            cluster.kill("tract-2");
            readAll(files, "before", 12);
            readAll(files, "meanwhile", 6);
            cluster.awaitInSync();
            assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");

            cluster.restart("tract-2");
            assertThat(store(cluster, "tract-2").number("columns")).isZero();
            assertThat(cluster.admin("drain", "tract-2", "--cancel")).contains("tract-2 stays");
            Await.until(
                    "tract-2 has its share again",
                    () -> store(cluster, "tract-2").number("columns") > 2000);
            readAll(files, "before", 12);
        }
    }

    @Test
    void plannedRestartMovesNoDataAndAReturnedServerFetchesOnlyTheDifference() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(4);
                FileSystem files = cluster.newFileSystem()) {
            writeAll(files, "before", 12);
            cluster.restart("tract-3");
            cluster.awaitInSync();
            assertThat(fetchedBytes(cluster)).isZero();

            cluster.kill("tract-3");
            cluster.awaitInSync();
            long refilled = fetchedBytes(cluster);
            assertThat(refilled).isPositive();
            writeAll(files, "meanwhile", 1);
            cluster.restart("tract-3");
            cluster.awaitInSync();
            // It takes rows back that it has data of; the one file that was written meanwhile is all that it can lack.
            assertThat(fetchedBytes(cluster) - refilled).isLessThanOrEqualTo(LENGTH);
            readAll(files, "before", 12);
        }
    }

    @Test
    void verdictOnALostStoreIsAuditedAndOutlivesTheLeader() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(4);
                FileSystem files = cluster.newFileSystem()) {
            writeAll(files, "before", 12);
            cluster.kill("tract-1");
            Await.until(
                    "tract-1 is dead",
                    () -> store(cluster, "tract-1").text("state").equals("DEAD"));
            assertThat(report(cluster).object("rows").number("frozen")).isPositive();
            assertThat(cluster.admin("give-up", "tract-1", "--yes")).contains("given up");
            cluster.kill("metadata-1");
            cluster.restart("metadata-1");
            Await.until(
                    "no row waits for the lost store",
                    () -> report(cluster).object("rows").number("frozen") == 0);
            assertThat(Files.readString(cluster.directory().resolve("logs/metadata-1-audit.log")))
                    .contains("cmd=giveUpStore");
            readAll(files, "before", 4);
        }
    }

    /** Bytes that the servers that run have fetched from others since they started. */
    private static long fetchedBytes(ProcessCluster cluster) throws IOException {
        long sum = 0;
        for (JsonObject store : report(cluster).objects("stores")) {
            if (store.text("state").equals("LIVE")) {
                sum += fetchedBytes(URI.create("http://127.0.0.1:" + (store.number("port") + 2) + "/metrics"));
            }
        }
        return sum;
    }

    private static long fetchedBytes(URI metrics) throws IOException {
        try (InputStream in = metrics.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("tractfs_tract_reconciled_bytes"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    private static JsonObject report(ProcessCluster cluster) {
        return JsonText.object(cluster.admin("report", "--json"));
    }

    private static JsonObject store(ProcessCluster cluster, String server) {
        return report(cluster).objects("stores").stream()
                .filter(store -> store.text("server").equals(server))
                .findFirst()
                .orElseThrow();
    }

    /** The first four files have three copies, the others one to three. */
    private static void writeAll(FileSystem files, String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int replication = i < 4 ? 3 : 1 + i % 3;
            try (OutputStream out = files.create(new Path("/tmp/" + name + "/" + i), (short) replication)) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private static void readAll(FileSystem files, String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (InputStream in = files.open(new Path("/tmp/" + name + "/" + i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }
}
