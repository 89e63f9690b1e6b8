package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.SmallDisk;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
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
    /** More than the log has room for once its disk is full. */
    private static final int MANY = 200;

    private static final List<SmallDisk> DISKS = new ArrayList<>();
    private static ProcessCluster cluster;
    private static SmallDisk metadata;

    @BeforeAll
    static void start() throws IOException {
        SmallDisk.obstacle().orGoOn();
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
        try (FileSystem files = cluster.newFileSystem();
                FileSystem others = cluster.newFileSystem()) {
            FSDataOutputStream abandoned = begun(others, "/tmp/abandoned-when-full");
            for (SmallDisk disk : DISKS) {
                disk.fill();
            }
            assertThatThrownBy(() -> writeImpatiently("/tmp/none", 4))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no space left");
            read("/tmp/first", 1);
            delete("/tmp/to-delete");
            // Its fences may need space that no store has: then it goes on by itself once there is some.
            ((LeaseRecoverable) files).recoverLease(new Path("/tmp/abandoned-when-full"));
            for (SmallDisk disk : DISKS) {
                disk.empty();
            }
            recover(files, "/tmp/abandoned-when-full");
            assertThat(files.getFileStatus(new Path("/tmp/abandoned-when-full")).getLen())
                    .isEqualTo(1);
            assertThatThrownBy(abandoned::close).isInstanceOf(IOException.class);
        }
        Await.until("writes go on", () -> succeeds("/tmp/after-all", 5));
        read("/tmp/after-all", 5);
        cluster.awaitInSync();
        assertThat(cluster.admin("report")).doesNotContain("FAILED");
    }

    @Test
    @Order(3)
    void namesAreReadRemovedClosedAndRecoveredThoughTheMetadataServersDiskIsFull() throws IOException {
        write("/tmp/named", 6);
        write("/tmp/to-delete-then", 7);
        try (FileSystem files = cluster.newFileSystem();
                FileSystem others = cluster.newFileSystem()) {
            FSDataOutputStream open = begun(files, "/tmp/open-then");
            FSDataOutputStream abandoned = begun(others, "/tmp/abandoned");
            metadata.fill();
            Await.until(
                    "the server gives itself what it held", () -> !heldSpace().exists());
            Await.until("creating is refused for want of space", () -> isRefused("/tmp/refused"));
            read("/tmp/named", 6);
            delete("/tmp/to-delete-then");
            open.close();
            recover(files, "/tmp/abandoned");
            assertThatThrownBy(abandoned::close).isInstanceOf(IOException.class);
            cluster.kill("tract-4");
            Await.until(
                    "rows go on without the dead server",
                    () -> cluster.admin("report").contains("DEAD") && cluster.storesWithRows("tract-4") == 0);
            read("/tmp/named", 6);
        }
        metadata.empty();
        Await.until("creating goes on", () -> succeeds("/tmp/again", 8));
        read("/tmp/again", 8);
        delete("/tmp/named");
        cluster.killAll();
        cluster.startAgain();
        assertAllIsThere();
    }

    @Test
    @Order(4)
    void aLogThatCannotBeWrittenEndsTheServerWhichHasAllThatWasAcknowledgedOnceThereIsSpace() throws IOException {
        List<Path> removed = new ArrayList<>();
        Configuration impatient = cluster.configuration();
        impatient.set("fs.tract.retry.time", "3s");
        try (FileSystem files = FileSystem.newInstance(cluster.uri(), impatient)) {
            for (int i = 0; i < MANY; i++) {
                files.mkdirs(new Path("/tmp/many/" + i));
            }
            assertThatThrownBy(() -> removeUntilTheLogIsFull(files, removed)).isInstanceOf(IOException.class);
        }
        long pid = cluster.pid("metadata-1");
        Await.until("the server has ended", () -> ProcessHandle.of(pid).isEmpty());
        // Its end may have freed something.
        metadata.fill();
        assertThat(cluster.restarted("metadata-1").output()).containsIgnoringCase("no space left");

        metadata.empty();
        cluster.startAgain();
        assertAllIsThere();
        try (FileSystem files = cluster.newFileSystem()) {
            for (int i = 0; i < MANY; i++) {
                Path path = new Path("/tmp/many/" + i);
                // What was under way at the end may be done or not.
                if (i != removed.size()) {
                    assertThat(files.exists(path)).as("%s", path).isEqualTo(!removed.contains(path));
                }
            }
        }
        write("/tmp/goes-on", 9);
        read("/tmp/goes-on", 9);
    }

    /** What the metadata server holds of its disk for the time when it is full. */
    private static File heldSpace() {
        return cluster.directory().resolve("data/metadata-1/held-space").toFile();
    }

    private static boolean isRefused(String path) {
        try {
            write(path, 7);
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on the metadata server's disk");
            return true;
        }
    }

    /** Every call takes some thousand bytes of the log, also one that finds nothing to remove. */
    private static void removeUntilTheLogIsFull(FileSystem files, List<Path> removed) throws IOException {
        Path nothing = new Path(("/" + "n".repeat(250)).repeat(28));
        for (int i = 0; i < MANY; i++) {
            for (int j = 0; j < 50; j++) {
                files.delete(nothing, true);
            }
            metadata.fill();
            Path path = new Path("/tmp/many/" + i);
            files.delete(path, true);
            removed.add(path);
        }
    }

    private static void assertAllIsThere() throws IOException {
        read("/tmp/first", 1);
        read("/tmp/again", 8);
        try (FileSystem files = cluster.newFileSystem()) {
            assertThat(files.exists(new Path("/tmp/to-delete-then"))).isFalse();
            for (String name : List.of("/tmp/open-then", "/tmp/abandoned")) {
                assertThat(((LeaseRecoverable) files).isFileClosed(new Path(name)))
                        .as(name)
                        .isTrue();
                assertThat(files.getFileStatus(new Path(name)).getLen())
                        .as(name)
                        .isEqualTo(1);
            }
        }
    }

    private static FSDataOutputStream begun(FileSystem files, String path) throws IOException {
        FSDataOutputStream out = files.create(new Path(path));
        out.write(1);
        out.hflush();
        return out;
    }

    private static void recover(FileSystem files, String path) throws IOException {
        LeaseRecoverable leases = (LeaseRecoverable) files;
        Await.until(path + " is closed", () -> leases.recoverLease(new Path(path)));
    }

    private static boolean succeeds(String path, int seed) {
        try {
            write(path, seed);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives up before long: no store gets space while it waits. */
    private static void writeImpatiently(String path, int seed) throws IOException {
        Configuration impatient = cluster.configuration();
        impatient.set("fs.tract.write.unavailable.patience", "2s");
        try (FileSystem files = FileSystem.newInstance(cluster.uri(), impatient)) {
            write(files, path, seed);
        }
    }

    private static void write(String path, int seed) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            write(files, path, seed);
        }
    }

    private static void write(FileSystem files, String path, int seed) throws IOException {
        try (OutputStream out = files.create(new Path(path))) {
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
