package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.JsonText;
import io.tractfs.testkit.JsonText.JsonObject;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Failures that overlap, on six tract servers in three racks that a topology script tells apart. All but one test are run on
 * demand, by {@code -Dtractfs.overlap=all}. Each leaves the cluster whole, so their order does not matter.
 */
class OverlapIT {
    private static final String ON_DEMAND = "tractfs.overlap";
    private static final int SERVERS = 6;
    private static final int ROWS = 512;
    private static final int FILES = 12;
    private static final long LENGTH = 3_000_000;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    /** Servers 1 and 2 are in a rack, 3 and 4 in the next, 5 and 6 in the last; each has an address of its own. */
    @BeforeAll
    static void startCluster() throws IOException {
        Path script = Files.createTempFile(
                "racks", ".sh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, """
                #!/bin/sh
                for host in "$@"; do echo "$host" | sed 's#^127\\.0\\.\\([0-9]*\\)\\..*#/rack\\1#'; done
                """);
        int ports = ProcessCluster.freePorts();
        List<String> options = new ArrayList<>(List.of("-D", "net.topology.script.file.name=" + script));
        for (int server = 1; server <= SERVERS; server++) {
            int port = ports + 10 * server;
            String name = "tract-" + server + ":";
            options.addAll(List.of("-D", name + "tract.store.data.bind=0.0.0.0:" + port));
            options.addAll(List.of(
                    "-D", name + "tract.store.data.advertised=127.0." + rack(server) + "." + server + ":" + port));
        }
        cluster = ProcessCluster.startOn(ports, Map.of(), SERVERS, options.toArray(String[]::new));
        cluster.awaitInSyncOn(SERVERS);
        // None, unless servers were so slow to start that they were taken for dead; without racks, six of ten.
        assertThat(rowsInOneRackTwice()).hasSizeLessThan(ROWS / 4);
    }

    private static int rack(int server) {
        return (server + 1) / 2;
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
    }

    @BeforeEach
    void open() throws IOException {
        files = cluster.newFileSystem();
        cluster.awaitInSyncOn(SERVERS);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void aRackThatDiesTakesNothingAlongAndComesBackInTheMiddleOfTheRecovery() throws IOException {
        write("middle", 0, FILES);
        kill(1, 2);
        awaitNoticed(4);
        read("middle", 0, FILES);
        write("middle", FILES, FILES + 2);
        restart(1, 2);
        cluster.awaitInSyncOn(SERVERS);
        read("middle", 0, FILES + 2);
        assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
    }

    @Test
    @EnabledIfSystemProperty(named = ON_DEMAND, matches = "all")
    void aRackThatDiesAndComesBackAfterTheRecoveryTakesItsShareAgain() throws IOException {
        write("after", 0, FILES);
        kill(3, 4);
        cluster.awaitInSyncOn(4);
        read("after", 0, FILES);
        assertThat(rowsInOneRackTwice()).hasSize(ROWS);
        restart(3, 4);
        Await.until("each row is in three racks", () -> rowsInOneRackTwice().isEmpty());
        cluster.awaitInSyncOn(SERVERS);
        read("after", 0, FILES);
        assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
    }

    @Test
    @EnabledIfSystemProperty(named = ON_DEMAND, matches = "all")
    void aSecondServerThatDiesInTheMiddleOfTheRecoveryTakesNothingAlong() throws IOException {
        write("second", 0, FILES);
        kill(1);
        awaitNoticed(5);
        // It was a member of some rows, and is the replacement of tract-1 in others.
        kill(3);
        awaitNoticed(4);
        read("second", 0, FILES);
        write("second", FILES, FILES + 2);
        cluster.awaitInSyncOn(4);
        read("second", 0, FILES + 2);
        restart(1, 3);
    }

    @Test
    @EnabledIfSystemProperty(named = ON_DEMAND, matches = "all")
    void whatAllHoldersOfAreDeadIsReadableOnceOneOfThemIsBack() throws IOException {
        write("holders", 0, FILES);
        List<Long> three = cluster.pids(List.of("tract-1", "tract-3", "tract-5"));
        cluster.signal("KILL", three);
        cluster.awaitEnd(three);
        Await.until("three are dead", () -> dead() == 3);
        write("others", 0, 2);
        restart(3);
        read("holders", 0, FILES); // It waits for what is not there yet.
        read("others", 0, 2);
        restart(1, 5);
        cluster.awaitInSyncOn(SERVERS);
        assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
    }

    /** Rows go from A, B, C to D, E, F one member after the other; after the end of all processes A, B, C come first. */
    @Test
    @EnabledIfSystemProperty(named = ON_DEMAND, matches = "all")
    void staleHoldersThatComeFirstAfterTheEndOfAllProcessesGiveNothing() throws IOException {
        write("stale", 0, FILES);
        for (int victim = 1; victim <= 3; victim++) {
            kill(victim);
            cluster.awaitInSyncOn(SERVERS - victim);
            append("stale", FILES + victim); // To tracts of which the dead ones have the beginning.
            write("late-" + victim, 0, 2);
            assertThat(files.delete(path("stale", FILES - victim), false)).isTrue();
        }
        cluster.killAll();
        restart("metadata-1");
        restart(1, 2, 3);
        assertThat(report().object("rows").number("down")).isPositive();
        restart(4, 5, 6);
        cluster.awaitInSyncOn(SERVERS);
        read("stale", 1, FILES - 3);
        try (InputStream in = files.open(path("stale", 0))) {
            assertThat(in.readNBytes((int) LENGTH)).isEqualTo(bytes(0));
            for (int victim = 1; victim <= 3; victim++) {
                assertThat(in.readNBytes((int) LENGTH)).isEqualTo(bytes(FILES + victim));
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        for (int victim = 1; victim <= 3; victim++) {
            read("late-" + victim, 0, 2);
            assertThat(files.exists(path("stale", FILES - victim))).isFalse();
        }
        Await.until("all is healthy", () -> cluster.fsck("/").run().exitCode() == 0);
    }

    private static void kill(int... servers) {
        List<Long> pids = cluster.pids(names(servers));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
    }

    private static void restart(int... servers) {
        names(servers).forEach(OverlapIT::restart);
    }

    private static void restart(String name) {
        cluster.restart(name);
    }

    private static List<String> names(int... servers) {
        return IntStream.of(servers).mapToObj(server -> "tract-" + server).toList();
    }

    private static void awaitNoticed(int stores) throws IOException {
        Await.until("rows are on " + stores + " stores", () -> cluster.areRowsOn(stores));
    }

    private static JsonObject report() {
        return JsonText.object(cluster.admin("report", "--json"));
    }

    private static long dead() {
        return report().objects("stores").stream()
                .filter(store -> store.text("state").equals("DEAD"))
                .count();
    }

    /** Rows of which two members are in the same rack. */
    private static List<Long> rowsInOneRackTwice() {
        Map<String, String> racks = report().objects("stores").stream()
                .collect(Collectors.toMap(store -> store.text("store"), store -> store.text("domain")));
        assertThat(racks.values()).containsOnly("/rack1", "/rack2", "/rack3");
        return JsonText.object(cluster.admin("rows", "--json")).objects("rows").stream()
                .filter(row -> row.objects("columns").stream()
                                .map(column -> racks.get(column.text("store")))
                                .distinct()
                                .count()
                        < row.objects("columns").size())
                .map(row -> row.number("row"))
                .toList();
    }

    private void append(String name, int seed) throws IOException {
        try (OutputStream out = files.append(path(name, 0))) {
            out.write(bytes(seed));
        }
    }

    private static byte[] bytes(int seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new RandomFile(seed, LENGTH).writeTo(bytes);
        return bytes.toByteArray();
    }

    private void write(String name, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (OutputStream out = files.create(path(name, i), true)) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private void read(String name, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (InputStream in = files.open(path(name, i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }

    private static org.apache.hadoop.fs.Path path(String name, int i) {
        return new org.apache.hadoop.fs.Path("/tmp/" + name + "/" + i);
    }
}
