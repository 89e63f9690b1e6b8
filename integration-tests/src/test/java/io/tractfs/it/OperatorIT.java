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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What an operator does with servers of one cluster: restarts them, empties them, gives one up, which is the end of the
 * cluster.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorIT {
    private static final long LENGTH = 9_000_000;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    @BeforeAll
    static void startCluster() {
        cluster = ProcessCluster.start(4);
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
    }

    @BeforeEach
    void open() throws IOException {
        files = cluster.newFileSystem();
        cluster.awaitInSync();
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    @Order(1)
    void plannedRestartMovesNoDataAndAReturnedServerFetchesOnlyTheDifference() throws IOException {
        writeAll("restart", 12);
        long before = fetchedBytes();
        cluster.restart("tract-3");
        cluster.awaitInSync();
        assertThat(fetchedBytes()).isLessThanOrEqualTo(before);

        cluster.kill("tract-3");
        cluster.awaitInSync();
        long refilled = fetchedBytes();
        assertThat(refilled).isPositive();
        writeAll("meanwhile", 1);
        cluster.restart("tract-3");
        cluster.awaitInSync();
        // It takes rows back that it has data of; the one file that was written meanwhile is all that it can lack.
        assertThat(fetchedBytes() - refilled).isLessThanOrEqualTo(LENGTH);
        readAll("restart", 12);
    }

    @Test
    @Order(2)
    void drainedServerIsSwitchedOffWithoutLoss() throws IOException {
        writeAll("drain", 12);
        assertThat(cluster.admin("drain", "tract-2")).contains("tract-2 drains");
        cluster.kill("metadata-1");
        cluster.restart("metadata-1");
        writeAll("drained", 6);
        assertThat(cluster.admin("drain", "tract-2", "--wait", "--timeout", "120"))
                .contains("tract-2 is empty and can be switched off");
        cluster.kill("tract-2");
        readAll("drain", 12);
        readAll("drained", 6);
        cluster.awaitInSync();
        assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");

        cluster.restart("tract-2");
        assertThat(store("tract-2").number("columns")).isZero();
        assertThat(cluster.admin("drain", "tract-2", "--cancel")).contains("tract-2 stays");
        // Of three columns in four servers: three quarters of the rows.
        long most = report().object("rows").number("count") / 2;
        Await.until("tract-2 has its share again", () -> store("tract-2").number("columns") > most);
        readAll("drain", 12);
    }

    @Test
    @Order(3)
    void verdictOnALostStoreIsAuditedAndOutlivesTheLeader() throws IOException {
        writeAll("verdict", 12);
        cluster.kill("tract-1");
        Await.until("tract-1 is dead", () -> store("tract-1").text("state").equals("DEAD"));
        assertThat(report().object("rows").number("frozen")).isPositive();
        assertThat(cluster.admin("give-up", "tract-1", "--yes")).contains("given up");
        cluster.kill("metadata-1");
        cluster.restart("metadata-1");
        Await.until(
                "no row waits for the lost store", () -> report().object("rows").number("frozen") == 0);
        assertThat(Files.readString(cluster.directory().resolve("logs/metadata-1-audit.log")))
                .contains("cmd=giveUpStore");
        readAll("verdict", 4);
    }

    /** Bytes that the servers that run have fetched from others since they started. */
    private static long fetchedBytes() throws IOException {
        long sum = 0;
        for (JsonObject store : report().objects("stores")) {
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

    private static JsonObject report() {
        return JsonText.object(cluster.admin("report", "--json"));
    }

    private static JsonObject store(String server) {
        return report().objects("stores").stream()
                .filter(store -> store.text("server").equals(server))
                .findFirst()
                .orElseThrow();
    }

    /** The first four files have three copies, the others one to three. */
    private void writeAll(String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int replication = i < 4 ? 3 : 1 + i % 3;
            try (OutputStream out = files.create(new Path("/tmp/" + name + "/" + i), (short) replication)) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private void readAll(String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (InputStream in = files.open(new Path("/tmp/" + name + "/" + i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }
}
