package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.SmallDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Disks without space under real processes: clear errors, everything else goes on, and all of it when space is back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {
    private static final int LENGTH = 3_000_000;
    private static final List<SmallDisk> DISKS = new ArrayList<>();
    private static ProcessCluster cluster;
    private static SmallDisk metadata;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(SmallDisk.isPossible(), "small disks are mounted by root only");
        cluster =
                ProcessCluster.start(4, "-Dfs.tract.write.unavailable.patience=15s", "-Dtract.store.garbage.delay=0s");
        cluster.stop();
        for (int server = 1; server <= 4; server++) {
            DISKS.add(SmallDisk.inPlaceOf(cluster.directory().resolve("data/tract-" + server), 160));
        }
        metadata = SmallDisk.inPlaceOf(cluster.directory().resolve("data/metadata-1"), 96);
        cluster.startAgain();
        cluster.awaitInSync();
        write("/tmp/first", 1);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
            DISKS.forEach(SmallDisk::close);
            metadata.close();
        }
    }

    @Test
    @Order(1)
    void writersGoRoundAStoreWithoutSpaceWhichIsUsedAgainLater() throws IOException {
        try (FileSystem files = cluster.newFileSystem();
                FSDataOutputStream open = files.create(new Path("/tmp/under-way"))) {
            open.write(1);
            open.hflush();
            DISKS.get(0).fill();
            for (int i = 0; i < 8; i++) {
                write("/tmp/one-full-" + i, 10 + i);
            }
            open.write(new byte[LENGTH]);
            open.hsync();
        }
        read("/tmp/first", 1);
        DISKS.get(0).empty();
        for (int i = 0; i < 8; i++) {
            read("/tmp/one-full-" + i, 10 + i);
        }
        long before = DISKS.get(0).usedBytes();
        Await.until("the store is written to again", () -> {
            write("/tmp/after-one", 2);
            return DISKS.get(0).usedBytes() > before + LENGTH / 2;
        });
        cluster.awaitInSync();
        assertThat(cluster.admin("report")).doesNotContain("FAILED");
    }

    @Test
    @Order(2)
    void aWriterIsToldThatNoStoreHasSpaceWhileReadsAndDeletesGoOn() throws IOException {
        write("/tmp/to-delete", 3);
        for (SmallDisk disk : DISKS) {
            disk.fill();
        }
        assertThatThrownBy(() -> write("/tmp/none", 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no space left");
        read("/tmp/first", 1);
        delete("/tmp/to-delete");
        for (SmallDisk disk : DISKS) {
            disk.empty();
        }
        Await.until("writes go on", () -> succeeds("/tmp/after-all", 5));
        read("/tmp/after-all", 5);
        cluster.awaitInSync();
        assertThat(cluster.admin("report")).doesNotContain("FAILED");
    }

    @Test
    @Order(3)
    void namesAreReadAndRemovedThoughTheMetadataServersDiskIsFull() throws IOException {
        write("/tmp/named", 6);
        metadata.fill();
        Await.until("creating is refused", () -> !succeeds("/tmp/refused", 7));
        assertThatThrownBy(() -> write("/tmp/refused-too", 7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on the metadata server's disk");
        read("/tmp/named", 6);
        metadata.empty();
        Await.until("creating goes on", () -> succeeds("/tmp/again", 8));
        read("/tmp/again", 8);
        delete("/tmp/named");
        cluster.killAll();
        cluster.startAgain();
        read("/tmp/first", 1);
        read("/tmp/again", 8);
    }

    private static boolean succeeds(String path, int seed) {
        try {
            write(path, seed);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(String path, int seed) throws IOException {
        try (FileSystem files = cluster.newFileSystem();
                OutputStream out = files.create(new Path(path))) {
            new RandomFile(seed, LENGTH).writeTo(out);
        }
    }

    private static void read(String path, int seed) throws IOException {
        try (FileSystem files = cluster.newFileSystem();
                InputStream in = files.open(new Path(path))) {
            new RandomFile(seed, LENGTH).assertEqualTo(in);
        }
    }

    private static void delete(String path) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            assertThat(files.delete(new Path(path), false)).isTrue();
        }
    }
}
