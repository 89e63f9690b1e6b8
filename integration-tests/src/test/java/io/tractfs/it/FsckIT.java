package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Command;
import io.tractfs.testkit.JsonText;
import io.tractfs.testkit.JsonText.JsonObject;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The check finds by file name what was damaged behind the cluster's back, cries no wolf, and repairs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FsckIT {
    private static final int TRACT = 8 << 20;
    private static final int DATA_AT = 69632;

    private static final RandomFile BIG = new RandomFile(1, 2 * TRACT + 100_000);

    private static ProcessCluster cluster;
    private static FileSystem files;

    @BeforeAll
    static void start() throws IOException {
        cluster = ProcessCluster.start(4, "-Dtract.store.scrub.rate=0", "-Dtract.store.garbage.delay=0s");
        cluster.awaitInSync();
        files = cluster.newFileSystem();
        write(BIG, "/data/big");
        for (int i = 0; i < 12; i++) {
            write(new RandomFile(100 + i, 20_000), "/data/small-" + i);
        }
        files.create(new Path("/data/empty")).close();
    }

    @AfterAll
    static void stop() throws IOException {
        files.close();
        cluster.close();
    }

    @Test
    @Order(1)
    void findsNothingInAHealthyClusterAndCountsWhatItHas() throws IOException {
        JsonObject report = fsck(0, "/");

        assertThat(report.text("status")).isEqualTo("HEALTHY");
        assertThat(report.objects("findings")).isEmpty();
        assertThat(report.object("summary").number("files")).isEqualTo(14);
        assertThat(report.object("summary").number("tracts")).isEqualTo(15);
        assertThat(report.object("summary").number("goodCopies")).isEqualTo(45);
        assertThat(fsck(0, "/data/big").object("summary").number("bytes")).isEqualTo(2 * TRACT + 100_000);
    }

    @Test
    @Order(2)
    void findsNothingWhileFilesAreWrittenRenamedAndDeleted() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int writer = i;
            Thread thread = new Thread(() -> churn(writer, stopped, failure), "churn-" + i);
            load.add(thread);
            thread.start();
        }
        try {
            for (int round = 0; round < 2; round++) {
                assertThat(fsck(0, "/").objects("findings")).isEmpty();
            }
        } finally {
            stopped.set(true);
            for (Thread thread : load) {
                thread.join();
            }
        }
        assertThat(failure.get()).isNull();
        files.delete(new Path("/churn"), true);
    }

    @Test
    @Order(3)
    void tellsOpenFilesApart() throws IOException {
        try (FSDataOutputStream out = files.create(new Path("/data/growing"))) {
            out.write(new byte[100_000]);
            out.hsync();
            JsonObject report = fsck(0, "/data");
            assertThat(report.object("summary").number("openFiles")).isEqualTo(1);
            assertThat(report.objects("openFiles").get(0).text("path")).isEqualTo("/data/growing");
        }
        assertThat(fsck(0, "/data").object("summary").number("openFiles")).isZero();
        files.delete(new Path("/data/growing"), false);
    }

    @Test
    @Order(4)
    void namesFilesWhoseCopiesAreMissingShortOrCorruptAndMendsThem() throws IOException {
        Copies big = copiesOf("/data/big");
        Copies small = copiesOf("/data/small-3");
        java.nio.file.Path removed = big.file(0, 0);
        java.nio.file.Path cut = big.file(1, 1);
        java.nio.file.Path flipped = small.file(0, 0);
        Files.delete(removed);
        try (RandomAccessFile file = new RandomAccessFile(cut.toFile(), "rw")) {
            file.setLength(DATA_AT + 1_000_000);
        }
        flip(flipped, DATA_AT + 5_000);

        // A store that has noticed repairs by itself: then the check says so, and may end well.
        JsonObject report =
                JsonText.object(command("/", "--verify", "--json").runApart().output());
        assertFound(report, "missing", "/data/big", serverOf(removed));
        assertFound(report, "short", "/data/big", serverOf(cut));
        assertFound(report, "corrupt", "/data/small-3", serverOf(flipped));
        assertThat(report.objects("findings")).hasSize(3);

        Copies other = copiesOf("/data/small-4");
        flip(other.file(0, 0), DATA_AT + 5_000);
        assertThat(command("/data", "--verify").runApart().output()).contains("/data/small-4: CORRUPT");
        fsck(0, "/", "--repair");
        assertThat(fsck(0, "/", "--verify").objects("findings")).isEmpty();
        try (var in = files.open(new Path("/data/big"))) {
            BIG.assertEqualTo(in);
        }
    }

    @Test
    @Order(5)
    void namesOrphansAndMovesThemToTrash() throws IOException {
        write(new RandomFile(7, 30_000), "/data/doomed");
        java.nio.file.Path copy = copiesOf("/data/doomed").file(0, 0);
        java.nio.file.Path kept = cluster.directory().resolve("kept");
        Files.copy(copy, kept, StandardCopyOption.REPLACE_EXISTING);
        files.delete(new Path("/data/doomed"), false);
        JsonObject before = fsck(0, "/");
        assertThat(before.object("summary").number("orphanedTracts")).isZero();
        for (int look = 0; look < 60 && Files.exists(copy); look++) {
            fsck(0, "/");
        }
        Files.copy(kept, copy);
        java.nio.file.Path stray = copy.resolveSibling("not-a-tract");
        Files.copy(kept, stray);

        JsonObject report = fsck(1, "/");

        assertThat(texts(report, "tract")).containsExactly(copy.getFileName().toString());
        assertThat(texts(report, "file")).hasSize(1);
        assertThat(report.objects("findings").get(0).objects("stores").get(0).text("server"))
                .isEqualTo(serverOf(copy));
        assertThat(fsck(0, "/", "--repair").object("summary").number("removedOrphans"))
                .isEqualTo(2);
        assertThat(copy).doesNotExist();
        assertThat(stray).doesNotExist();
        fsck(0, "/");
    }

    /** An ordinary truncation is no reason for alarm, nor is what it leaves kept for ever. */
    @Test
    @Order(6)
    void namesTractsBehindTheEndOfAFileAndFreesThem() throws IOException {
        RandomFile content = new RandomFile(8, 2 * TRACT + 5_000);
        write(content, "/data/cut");
        files.truncate(new Path("/data/cut"), 1_000);

        JsonObject report = fsck(0, "/");
        assertThat(texts(report, "kind")).containsOnly("orphaned");
        assertThat(report.object("summary").number("tractsBehindEnds")).isEqualTo(6);
        assertThat(text(0, "/")).contains("behind the end of its file");

        assertThat(fsck(0, "/", "--repair").object("summary").number("freedBehindEnds"))
                .isEqualTo(6);
        assertThat(fsck(0, "/", "--verify").objects("findings")).isEmpty();
        assertThat(files.getFileStatus(new Path("/data/cut")).getLen()).isEqualTo(1_000);
        try (FSDataOutputStream out = files.append(new Path("/data/cut"))) {
            out.write(new byte[TRACT]);
        }
        assertThat(fsck(0, "/data/cut", "--verify").object("summary").number("bytes"))
                .isEqualTo(1_000 + TRACT);
        files.delete(new Path("/data/cut"), false);
    }

    @Test
    @Order(7)
    void followsThePermissionsOfDirectoriesAndSaysWhatIsWrongWithACall() throws IOException {
        files.mkdirs(new Path("/private"));
        files.setPermission(new Path("/private"), new FsPermission((short) 0700));

        assertThat(asNobody("/data", "--json").runApart().exitCode()).isZero();
        assertThat(asNobody("/private").runApart().exitCode()).isEqualTo(2);
        assertThat(asNobody("/private").runApart().errors()).contains("PERMISSION_DENIED");
        assertThat(command("/not-there").runApart().exitCode()).isEqualTo(2);
        assertThat(command("/", "--no-such-option").runApart().exitCode()).isEqualTo(2);
    }

    @Test
    @Order(8)
    void tellsUnderReplicatedFilesUntilTheyAreRecoveredAndLostOnesUntilTheirStoresReturn() throws IOException {
        // Four servers, three copies: with two dead ones a column of each row stays vacant.
        cluster.kill("tract-1");
        cluster.kill("tract-2");
        JsonObject report = fsck(1, "/");
        assertThat(texts(report, "kind")).contains("under-replicated");
        assertThat(report.object("summary").number("underReplicatedTracts")).isPositive();

        cluster.kill("tract-3");
        cluster.kill("tract-4");
        JsonObject lost = fsck(1, "/");
        assertThat(lost.text("status")).isEqualTo("CORRUPT");
        assertThat(lost.object("summary").number("unreadableFiles")).isEqualTo(13);
        assertThat(paths(lost, "missing")).contains("/data/big", "/data/small-0");
        assertThat(text(1, "/data/big")).contains("/data/big: MISSING", "row ", "tract-4/");

        cluster.startAgain();
        cluster.awaitInSync();
        assertThat(fsck(0, "/", "--verify").objects("findings")).isEmpty();
    }

    /** The files of a file's tracts, by server. */
    private record Copies(List<List<java.nio.file.Path>> byTract) {
        java.nio.file.Path file(int tract, int copy) {
            return byTract.get(tract).get(copy);
        }
    }

    private static Copies copiesOf(String path) throws IOException {
        long length = files.getFileStatus(new Path(path)).getLen();
        String blob = blobOf(path);
        List<List<java.nio.file.Path>> byTract = new ArrayList<>();
        for (int index = 0; index < (length + TRACT - 1) / TRACT; index++) {
            String name = blob + "-" + index;
            byTract.add(tractFiles(name::equals));
            assertThat(byTract.get(index)).as("copies of " + name).hasSize(3);
        }
        return new Copies(byTract);
    }

    /** The blob of a file: it is told by its content, which no other file has. */
    private static String blobOf(String path) throws IOException {
        byte[] head = new byte[512];
        try (var in = files.open(new Path(path))) {
            in.readFully(head);
        }
        return tractFiles(name -> name.endsWith("-0")).stream()
                .filter(file -> Arrays.equals(head, dataOf(file, head.length)))
                .map(file -> file.getFileName().toString())
                .map(name -> name.substring(0, name.length() - 2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No store has the bytes of " + path));
    }

    /** Files of tracts by name; they may be removed at any time. */
    private static List<java.nio.file.Path> tractFiles(Predicate<String> name) {
        List<java.nio.file.Path> found = new ArrayList<>();
        for (String server : cluster.names()) {
            java.nio.file.Path tracts = cluster.directory().resolve("data/" + server + "/store-1/tracts");
            for (File bucket : children(tracts.toFile())) {
                for (File file : children(bucket)) {
                    if (name.test(file.getName())) {
                        found.add(file.toPath());
                    }
                }
            }
        }
        return found;
    }

    private static File[] children(File directory) {
        File[] children = directory.listFiles();
        return children == null ? new File[0] : children;
    }

    /** The first bytes of a tract; none if the file is gone. */
    private static byte[] dataOf(java.nio.file.Path file, int length) {
        byte[] data = new byte[length];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(DATA_AT);
            in.read(data);
            return data;
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static void flip(java.nio.file.Path file, long at) throws IOException {
        try (RandomAccessFile io = new RandomAccessFile(file.toFile(), "rw")) {
            io.seek(at);
            int old = io.read();
            io.seek(at);
            io.write(old ^ 0x10);
        }
    }

    private static String serverOf(java.nio.file.Path file) {
        return cluster.directory().resolve("data").relativize(file).getName(0).toString();
    }

    private static void write(RandomFile content, String path) throws IOException {
        try (var out = files.create(new Path(path))) {
            content.writeTo(out);
        }
    }

    private static void churn(int writer, AtomicBoolean stopped, AtomicReference<Throwable> failure) {
        Path directory = new Path("/churn/" + writer);
        byte[] bytes = new byte[50_000];
        try {
            for (int i = 0; !stopped.get(); i++) {
                Path file = new Path(directory, "f" + i % 20);
                try (FSDataOutputStream out = files.create(file, true)) {
                    out.write(bytes);
                    out.hflush();
                    out.write(bytes);
                }
                if (i % 3 == 0) {
                    Path renamed = new Path(directory, "r" + i % 7);
                    files.delete(renamed, false);
                    files.rename(file, renamed);
                } else if (i % 3 == 1) {
                    files.truncate(file, 1_000);
                }
                if (i % 20 == 19) {
                    files.delete(directory, true);
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private static void assertFound(JsonObject report, String kind, String path, String server) {
        assertThat(report.objects("findings"))
                .filteredOn(finding -> finding.text("kind").equals(kind))
                .hasSize(1)
                .first()
                .satisfies(finding -> {
                    assertThat(finding.text("path")).isEqualTo(path);
                    assertThat(finding.objects("tracts").stream()
                                    .flatMap(tract -> tract.objects("problems").stream())
                                    .flatMap(problem -> problem.objects("stores").stream())
                                    .map(store -> store.text("server")))
                            .containsExactly(server);
                });
    }

    /** A field of all findings that have it. */
    private static List<String> texts(JsonObject report, String field) {
        return report.objects("findings").stream()
                .filter(finding -> finding.fields().containsKey(field))
                .map(finding -> finding.text(field))
                .toList();
    }

    private static List<String> paths(JsonObject report, String kind) {
        return report.objects("findings").stream()
                .filter(finding -> finding.text("kind").equals(kind))
                .map(finding -> finding.text("path"))
                .toList();
    }

    private static JsonObject fsck(int status, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return JsonText.object(text(status, all.toArray(String[]::new)));
    }

    private static String text(int status, String... arguments) {
        Command.Streams result = command(arguments).runApart();
        assertThat(result.exitCode()).as(result.output() + result.errors()).isEqualTo(status);
        return result.output();
    }

    private static Command command(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("fsck", "--dir", cluster.directory().toString()));
        all.addAll(List.of(arguments));
        return Command.tractfs(all.toArray(String[]::new));
    }

    private static Command asNobody(String... arguments) {
        return command(arguments).with(Map.of("TRACTFS_OPTS", "-Duser.name=nobody"));
    }
}
