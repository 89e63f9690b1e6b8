package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes that rot on the disks of real processes: nobody reads them, and they are repaired. */
class DamageIT {
    private static final long LENGTH = 6_000_000;
    private static ProcessCluster cluster;
    private static StoreFiles stores;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start(4, "--stores-per-server", "2", "-Dtract.store.scrub.interval=1s", "-Dtract.store.scrub.rate=64MiB");
        stores = new StoreFiles(cluster.directory());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aByteThatRottedOnOneReplicaIsNeverReadAndIsRepaired() throws IOException {
        Path path = new Path("/tmp/one");
        java.nio.file.Path copy = write(path, 1).get(0);
        byte[] sound = StoreFiles.bytes(copy, StoreFiles.DATA, 1 << 20);
        StoreFiles.flip(copy, StoreFiles.DATA + 4711);
        read(path, 1);
        Await.until("the byte is as it was", () -> java.util.Arrays.equals(StoreFiles.bytes(copy, StoreFiles.DATA, 1 << 20), sound));
        awaitSound();
        read(path, 1);
    }

    @Test
    void bytesThatRottedInDifferentPlacesOfAllReplicasAreRepairedFromEachOther() throws IOException {
        Path path = new Path("/tmp/everywhere");
        List<java.nio.file.Path> copies = write(path, 2);
        for (int i = 0; i < copies.size(); i++) {
            StoreFiles.flip(copies.get(i), StoreFiles.DATA + 100_000L * (i + 1));
        }
        read(path, 2);
        awaitSound();
    }

    @Test
    void aTractFileThatIsGoneOrCutOrOfAnotherTractIsMadeAnew() throws IOException {
        Path path = new Path("/tmp/files");
        List<java.nio.file.Path> copies = write(path, 3);
        Files.delete(copies.get(0));
        Files.write(copies.get(1), new byte[0]);
        cluster.killAll();
        cluster.startAgain();
        cluster.awaitInSync();
        read(path, 3);
        Await.until("the files are whole", () -> Files.exists(copies.get(0))
                && Files.size(copies.get(0)) >= LENGTH
                && Files.size(copies.get(1)) >= LENGTH);
        awaitSound();
    }

    @Test
    void aByteThatRottedOnAllReplicasIsAnErrorThatNamesFileTractAndStore() throws IOException {
        Path path = new Path("/tmp/gone");
        List<java.nio.file.Path> copies = write(path, 4);
        for (java.nio.file.Path copy : copies) {
            StoreFiles.flip(copy, StoreFiles.DATA + 300_000);
        }
        assertThatThrownBy(() -> read(path, 4))
                .isInstanceOf(ChecksumException.class)
                .hasMessageContaining("/tmp/gone")
                .hasMessageContaining(copies.get(0).getFileName().toString())
                .hasMessageContaining("tract-");
        Await.until("the report says it", () -> cluster.admin("report").contains("tracts damaged"));
        for (java.nio.file.Path copy : copies) {
            StoreFiles.flip(copy, StoreFiles.DATA + 300_000);
        }
        try (FileSystem files = cluster.newFileSystem()) {
            assertThat(files.delete(path, false)).isTrue();
        }
    }

    @Test
    void aStoreWhoseMetadataRottedIsRefusedAloneAndReported() throws IOException {
        Path path = new Path("/tmp/metadata");
        write(path, 5);
        cluster.kill("tract-2");
        java.nio.file.Path store = cluster.directory().resolve("data/tract-2/store-1");
        StoreFiles.flip(store.resolve("meta/CURRENT"), 3);
        cluster.restart("tract-2");
        Await.until("the report names the directory", () -> cluster.admin("report").contains("does not serve " + store));
        cluster.awaitInSync();
        read(path, 5);
        assertThat(cluster.admin("report")).contains("tract-2 ");
    }

    private static void awaitSound() throws IOException {
        Await.until("nothing is damaged", () -> !cluster.admin("report").contains("tracts damaged"));
    }

    private static List<java.nio.file.Path> write(Path path, int seed) throws IOException {
        List<java.nio.file.Path> before = stores.tracts(LENGTH);
        try (FileSystem files = cluster.newFileSystem();
                OutputStream out = files.create(path)) {
            new RandomFile(seed, LENGTH).writeTo(out);
        }
        List<java.nio.file.Path> copies = stores.tracts(LENGTH).stream()
                .filter(file -> !before.contains(file))
                .toList();
        assertThat(copies).hasSize(3);
        return copies;
    }

    private static void read(Path path, int seed) throws IOException {
        try (FileSystem files = cluster.newFileSystem();
                InputStream in = files.open(path)) {
            new RandomFile(seed, LENGTH).assertEqualTo(in);
        }
    }
}
