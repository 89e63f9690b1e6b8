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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Bytes that rot in every kind of file that a store keeps, under real processes: nobody reads them, they are repaired. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DamageIT {
    private static final int LENGTH = 6_000_000;

    /** A byte of a tract file's header, of two of its slots, of its checksums and of its data. */
    private static final List<Long> PLACES = List.of(20L, 460L, 972L, 2_100L, StoreFiles.DATA + 4_711L);

    /** Files of a store's database, one for each store in turn. What is damaged in many ways is in the store's own tests. */
    private static final List<String> DATABASE = List.of("CURRENT", "MANIFEST", ".sst", ".log");

    private static final int SERVERS = 4;

    private static ProcessCluster cluster;
    private static StoreFiles stores;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start(
                SERVERS,
                "--stores-per-server",
                "2",
                "-Dtract.store.scrub.interval=1s",
                "-Dtract.store.scrub.rate=64MiB",
                "-Dtract.store.garbage.delay=0s");
        stores = new StoreFiles(cluster.directory());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aByteThatRottedOnOneReplicaIsNeverReadAndIsRepaired() throws IOException {
        Path copy = write("/tmp/one", 1).get(0);
        byte[] sound = StoreFiles.bytes(copy, StoreFiles.DATA, 1 << 20);
        StoreFiles.flip(copy, StoreFiles.DATA + 4711);
        read("/tmp/one", 1);
        Await.until(
                "the byte is as it was", () -> Arrays.equals(StoreFiles.bytes(copy, StoreFiles.DATA, 1 << 20), sound));
        awaitSound();
    }

    @Test
    @Order(2)
    void bytesThatRottedInDifferentPlacesOfAllReplicasAreRepairedFromEachOther() throws IOException {
        List<Path> copies = write("/tmp/everywhere", 2);
        for (int i = 0; i < copies.size(); i++) {
            StoreFiles.flip(copies.get(i), StoreFiles.DATA + 100_000L * (i + 1));
        }
        read("/tmp/everywhere", 2);
        awaitSound();
    }

    @Test
    @Order(3)
    void aByteThatRottedOnAllReplicasIsAnErrorThatNamesFileTractAndStoreAndIsReported() throws IOException {
        List<Path> copies = write("/tmp/gone", 3);
        for (Path copy : copies) {
            StoreFiles.flip(copy, StoreFiles.DATA + 300_000);
        }
        assertThatThrownBy(() -> readImpatiently("/tmp/gone", 3))
                .isInstanceOf(ChecksumException.class)
                .hasMessageContaining("/tmp/gone")
                .hasMessageContaining(copies.get(0).getFileName().toString())
                .hasMessageContaining("tract-");
        Await.until("the report says it", () -> cluster.admin("report").contains("tracts damaged"));
        assertThat(cluster.fsck("/tmp/gone").run().output()).contains("/tmp/gone");
        try (FileSystem files = cluster.newFileSystem()) {
            org.apache.hadoop.fs.Path top = new org.apache.hadoop.fs.Path("/");
            Await.until(
                    "the list of corrupt files has it",
                    () -> files.listCorruptFileBlocks(top).hasNext());
            RemoteIterator<org.apache.hadoop.fs.Path> corrupt = files.listCorruptFileBlocks(top);
            assertThat(corrupt.next().toUri().getPath()).isEqualTo("/tmp/gone");
            assertThat(corrupt.hasNext()).isFalse();
            assertThat(files.delete(new org.apache.hadoop.fs.Path("/tmp/gone"), false))
                    .isTrue();
        }
        awaitSound();
    }

    @Test
    @Order(4)
    void everyPlaceOfATractFileIsRepairedAlsoWhereTheFileIsGoneOrEmptyOrOfAnotherTract() throws IOException {
        List<List<Path>> files = new ArrayList<>();
        for (int i = 0; i < PLACES.size() + 2; i++) {
            files.add(write("/tmp/places-" + i, 10 + i));
        }
        cluster.killAll();
        for (int i = 0; i < PLACES.size(); i++) {
            StoreFiles.flip(files.get(i).get(i % 3), PLACES.get(i));
        }
        List<Path> gone = files.get(PLACES.size());
        Files.delete(gone.get(0));
        Files.write(gone.get(1), new byte[0]);
        Path other = files.get(PLACES.size() + 1).get(0);
        Files.write(other, Files.readAllBytes(files.get(0).get(2)));
        cluster.startAgain();
        cluster.awaitInSync();
        for (int i = 0; i < files.size(); i++) {
            read("/tmp/places-" + i, 10 + i);
        }
        for (Path copy : List.of(gone.get(0), gone.get(1), other)) {
            Path whole = gone.contains(copy)
                    ? gone.get(2)
                    : files.get(PLACES.size() + 1).get(1);
            Await.until(
                    copy + " is as the other copies",
                    () -> Files.exists(copy)
                            && Files.size(copy) == Files.size(whole)
                            && Arrays.equals(dataOf(copy), dataOf(whole)));
        }
        awaitSound();
    }

    @Test
    @Order(5)
    void everythingElseThatAStoreKeepsIsMadeAnewThoughItRottedInAllStoresAtOnce() throws IOException {
        write("/tmp/metadata", 30);
        cluster.killAll();
        for (int i = 0; i < 2 * SERVERS; i++) {
            Path directory = store("tract-" + (1 + i / 2), 1 + i % 2);
            flipMiddle(StoreFiles.ofKind(directory, DATABASE.get(i % DATABASE.size())));
            flipMiddle(directory.resolve("superblock.0"));
            flipMiddle(directory.resolve("superblock.1"));
            flipMiddle(directory.resolve("meta.mark"));
        }
        cluster.startAgain();
        cluster.awaitInSync();
        read("/tmp/metadata", 30);
        assertThat(Files.readString(cluster.directory().resolve("logs/tract-1.log")))
                .contains("event=ledger-damaged", "event=ledger-healed");
        assertThat(cluster.admin("report")).doesNotContain("does not serve");
        write("/tmp/later", 31);
        read("/tmp/later", 31);
    }

    @Test
    @Order(6)
    void aStoreWhoseDatabaseRottedTogetherWithItsCopyIsRefusedAloneAndReported() throws IOException {
        Path refused = store("tract-1", 2);
        cluster.kill("tract-1");
        flipMiddle(refused.resolve("meta/CURRENT"));
        flipMiddle(refused.resolve("ledger.copy"));
        cluster.restart("tract-1");
        cluster.awaitInSync();
        read("/tmp/metadata", 30);
        Await.until("the report names " + refused, () -> cluster.admin("report").contains("does not serve " + refused));
    }

    @Test
    @Order(7)
    void aRefusedDirectoryIsReplacedByANewStoreWhileTheOtherOneOfItsServerIsKept() throws IOException {
        Path directory = cluster.directory().resolve("data/tract-1/store-2");
        Files.move(directory, directory.resolveSibling("store-2.damaged"));
        assertThat(cluster.restarted("tract-1", "--format-directory", "store-1").output())
                .contains("store-1 is not empty, so it is not formatted anew");
        cluster.restart("tract-1", "--format-directory", "store-2");
        Await.until("both stores have rows", () -> cluster.storesWithRows("tract-1") == 2);
        assertThat(cluster.admin("report")).doesNotContain("does not serve " + directory);
        cluster.awaitInSync();
        read("/tmp/metadata", 30);
        cluster.restart("tract-1");
        cluster.awaitInSync();
        read("/tmp/metadata", 30);
    }

    private static Path store(String server, int number) {
        return cluster.directory().resolve("data/" + server + "/store-" + number);
    }

    private static void flipMiddle(Path file) throws IOException {
        StoreFiles.flip(file, Files.size(file) / 2);
    }

    private static byte[] dataOf(Path copy) throws IOException {
        return StoreFiles.bytes(copy, StoreFiles.DATA, LENGTH);
    }

    private static void awaitSound() throws IOException {
        Await.until("nothing is damaged", () -> !cluster.admin("report").contains("tracts damaged"));
    }

    /** Writes a file of one tract and finds its three copies. */
    private static List<Path> write(String path, int seed) throws IOException {
        List<Path> before = stores.tracts(LENGTH);
        try (FileSystem files = cluster.newFileSystem();
                OutputStream out = files.create(new org.apache.hadoop.fs.Path(path))) {
            new RandomFile(seed, LENGTH).writeTo(out);
        }
        List<Path> copies = new ArrayList<>(stores.tracts(LENGTH));
        copies.removeAll(before);
        assertThat(copies).hasSize(3);
        return copies;
    }

    /** Gives up before long: nothing becomes better while the read is tried again. */
    private static void readImpatiently(String path, int seed) throws IOException {
        Configuration impatient = cluster.configuration();
        impatient.set("fs.tract.read.retry.time", "3s");
        try (FileSystem files = FileSystem.newInstance(cluster.uri(), impatient)) {
            read(files, path, seed);
        }
    }

    private static void read(String path, int seed) throws IOException {
        try (FileSystem files = cluster.newFileSystem()) {
            read(files, path, seed);
        }
    }

    private static void read(FileSystem files, String path, int seed) throws IOException {
        try (InputStream in = files.open(new org.apache.hadoop.fs.Path(path))) {
            new RandomFile(seed, LENGTH).assertEqualTo(in);
        }
    }
}
