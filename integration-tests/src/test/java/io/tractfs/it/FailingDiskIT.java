package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.JsonText;
import io.tractfs.testkit.JsonText.JsonObject;
import io.tractfs.testkit.LoopDisk;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** A disk that answers every call with an I/O error: its store fails alone, and nobody else notices more than a pause. */
class FailingDiskIT {
    private static final int LENGTH = 3_000_000;

    @Test
    @SuppressWarnings("try") // processes end before their disk is unmounted
    void aDiskThatFailsTakesItsStoreAloneOutOfService() throws IOException {
        LoopDisk.obstacle().orGoOn();
        try (ProcessCluster cluster =
                ProcessCluster.start(4, "--stores-per-server", "2", "-Dfs.tract.read.shortcircuit=false")) {
            cluster.stop();
            try (LoopDisk disk = LoopDisk.inPlaceOf(cluster.directory().resolve("data/tract-1/store-1"), 1024)) {
                cluster.startAgain();
                cluster.awaitInSync();
                failAndReturn(cluster, disk);
                cluster.close();
            }
        }
    }

    private static void failAndReturn(ProcessCluster cluster, LoopDisk disk) throws IOException {
        RandomFile content = new RandomFile(1, LENGTH);
        try (FileSystem files = cluster.newFileSystem()) {
            writeAll(files, "before");
            try (FSDataOutputStream open = files.create(new Path("/tmp/open"))) {
                open.write(1);
                open.hflush();
                disk.cut();
                readAll(files, "before");
                writeAll(files, "after");
                Await.until("the store has failed", () -> {
                    content.writeTo(open);
                    open.hsync();
                    return states(cluster, "tract-1").contains("FAILED");
                });
            }
            assertThat(states(cluster, "tract-1")).containsExactlyInAnyOrder("FAILED", "LIVE");
            assertThat(cluster.admin("report")).contains("Input/output error");
            cluster.awaitInSync();
            readAll(files, "before");
            readAll(files, "after");
            assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");

            cluster.kill("tract-1");
            disk.mountAgain();
            cluster.restart("tract-1");
            Await.until(
                    "the store serves again", () -> states(cluster, "tract-1").equals(List.of("LIVE", "LIVE")));
            cluster.awaitInSync();
            readAll(files, "before");
            readAll(files, "after");
        }
    }

    private static List<String> states(ProcessCluster cluster, String server) {
        return JsonText.object(cluster.admin("report", "--json")).objects("stores").stream()
                .filter(store -> store.text("server").equals(server))
                .map((JsonObject store) -> store.text("state"))
                .toList();
    }

    private static void writeAll(FileSystem files, String name) throws IOException {
        for (int i = 0; i < 8; i++) {
            try (OutputStream out = files.create(new Path("/tmp/" + name + "-" + i))) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private static void readAll(FileSystem files, String name) throws IOException {
        for (int i = 0; i < 8; i++) {
            try (InputStream in = files.open(new Path("/tmp/" + name + "-" + i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }
}
