package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.Command;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.TcpProxy;
import io.tractfs.testkit.crash.StubbornWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and clients that have not heard of what the others have agreed on: they delay, and mislead nobody. */
class StaleIT {
    private static final int SERVERS = 4;
    private static final int FILES = 8;
    private static final int LENGTH = 1_000_000;
    private static final String CUT_OFF = "tract-4";
    /** Ports of a second metadata server, in a part of the cluster's range that nobody uses. */
    private static final int TWIN_PORT = 300;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static TcpProxy metadata;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static TcpProxy data;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ProcessCluster cluster;

    private static int ports;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FileSystem files;

    /** All servers reach the metadata server by one proxy; everybody reaches tract-4 by another. */
    @BeforeAll
    static void startCluster() throws IOException {
        ports = ProcessCluster.freePorts();
        metadata = new TcpProxy();
        metadata.forwardTo(ports);
        data = new TcpProxy();
        data.forwardTo(ports + 10 * SERVERS);
        cluster = ProcessCluster.startOn(
                ports,
                Map.of(),
                SERVERS,
                "-D",
                "tract.metadata.tract.size=64KiB",
                "-D",
                "tract.store.metadata=127.0.0.1:" + metadata.port(),
                "-D",
                CUT_OFF + ":tract.store.data.advertised=127.0.0.1:" + data.port());
        cluster.awaitInSyncOn(SERVERS);
    }

    @AfterAll
    static void killCluster() {
        cluster.close();
        metadata.close();
        data.close();
    }

    @BeforeEach
    void open() throws IOException {
        files = cluster.newFileSystem();
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @Test
    void aServerCutOffFromTheMetadataServerOnlyAndAClientThatSleptMeanwhileLoseNothing() throws Exception {
        write(0, FILES);
        org.apache.hadoop.fs.Path open = new org.apache.hadoop.fs.Path("/stale/open");
        Process writer = startWriter(open);
        try {
            metadata.cutOff(Set.of(cluster.pid(CUT_OFF)));
            data.cutOff(Set.of(cluster.pid("metadata-1")));
            cluster.signal("STOP", List.of(writer.pid()));
            Await.until("no row is on the server that is cut off", () -> cluster.areRowsOn(SERVERS - 1));

            // The client that slept reaches the server that is cut off, and both have the old table.
            long acknowledged = acknowledged();
            cluster.signal("CONT", List.of(writer.pid()));
            Await.until("the client goes on", () -> acknowledged() > acknowledged + 10 * StubbornWriter.RECORD);
            assertThat(files.delete(path(0), false)).isTrue();
            write(FILES, FILES + 2);
            read(1, FILES + 2);

            metadata.heal();
            data.heal();
            Await.until("the client goes on", () -> acknowledged() > acknowledged + 50 * StubbornWriter.RECORD);
        } finally {
            writer.destroyForcibly();
            writer.onExit().join();
        }
        cluster.awaitInSyncOn(SERVERS);
        LeaseRecoverable leases = (LeaseRecoverable) files;
        Await.until("its file is closed", () -> leases.recoverLease(open));
        assertWritten(open, acknowledged());
        assertThat(files.exists(path(0))).isFalse();
        read(1, FILES + 2);
        Await.until("all is healthy", () -> cluster.fsck("/stale").run().exitCode() == 0);
    }

    @Test
    void ofTwoMetadataServersOnCopiesOfOneDiskOnlyOneActs() throws Exception {
        write(20, 22);
        List<Long> pids = cluster.pids(List.of("metadata-1"));
        cluster.signal("KILL", pids);
        cluster.awaitEnd(pids);
        Path twin = directory.resolve("twin");
        copy(cluster.directory().resolve("data/metadata-1"), twin);
        cluster.restart("metadata-1");
        write(22, 24);

        Process second = startTwin(twin);
        try {
            int port = ports + TWIN_PORT;
            Await.until("the copy listens", () -> listens(port));
            metadata.forwardTo(port); // Every tract server speaks to the copy from now on.
            Await.until("the copy has stopped", () -> reportOf(port).contains("not in the log"));
            assertThat(Command.tractfs("fs", "-fs", "tract://127.0.0.1:" + port, "-mkdir", "/from-the-copy")
                            .run()
                            .exitCode())
                    .isNotZero();
        } finally {
            second.destroyForcibly();
            second.onExit().join();
            metadata.forwardTo(ports);
        }
        write(24, 26);
        cluster.awaitInSyncOn(SERVERS);
        read(20, 26);
        assertThat(files.exists(new org.apache.hadoop.fs.Path("/from-the-copy")))
                .isFalse();
    }

    private Process startWriter(org.apache.hadoop.fs.Path file) throws IOException {
        Process writer = new ProcessBuilder(
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
                .redirectOutput(directory.resolve("writer.log").toFile())
                .start();
        Await.until("the client writes", () -> acknowledged() > 10 * StubbornWriter.RECORD);
        return writer;
    }

    /** A server on a copy of the metadata server's disk, with ports of its own. */
    private Process startTwin(Path twin) throws IOException {
        String settings = Files.readString(cluster.configurationDirectory().resolve("metadata-1.xml"))
                .replace(cluster.directory().resolve("data/metadata-1").toString(), twin.toString());
        List<String> keys = List.of("rpc.bind", "rpc.advertised", "raft.bind", "web.bind");
        int port = ports + TWIN_PORT;
        for (String key : keys) {
            int own = key.startsWith("rpc") ? port : port + keys.indexOf(key);
            settings = settings.replaceAll(
                    "(tract\\.metadata\\." + key.replace(".", "\\.") + "</name>\\s*<value>)[^<]*",
                    "$1127.0.0.1:" + own);
        }
        Path conf = Files.writeString(directory.resolve("twin.xml"), settings);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("tractfs.home"), "bin", "tractfs")
                                .toString(),
                        "metadata-server",
                        "--conf",
                        conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("twin.log").toFile());
        builder.environment().put("TRACTFS_METADATA_HEAP", "256m");
        return builder.start();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String reportOf(int port) {
        return Command.tractfs("admin", "report", "--metadata", "127.0.0.1:" + port)
                .run()
                .output();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private Path journal() {
        return directory.resolve("journal");
    }

    private long acknowledged() throws IOException {
        return Files.exists(journal())
                ? Files.readString(journal())
                                .chars()
                                .filter(sign -> sign == '+')
                                .count()
                        * StubbornWriter.RECORD
                : 0;
    }

    private void assertWritten(org.apache.hadoop.fs.Path file, long atLeast) throws IOException {
        byte[] content;
        try (InputStream in = files.open(file)) {
            content = in.readAllBytes();
        }
        assertThat((long) content.length).isGreaterThanOrEqualTo(atLeast);
        byte[] expected = new byte[content.length];
        Arrays.fill(expected, StubbornWriter.FILL);
        assertThat(Arrays.mismatch(content, expected)).as("first wrong byte").isEqualTo(-1);
    }

    private void write(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (OutputStream out = files.create(path(i), true)) {
                new RandomFile(i, LENGTH).writeTo(out);
            }
        }
    }

    private void read(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            try (InputStream in = files.open(path(i))) {
                new RandomFile(i, LENGTH).assertEqualTo(in);
            }
        }
    }

    private static org.apache.hadoop.fs.Path path(int i) {
        return new org.apache.hadoop.fs.Path("/stale/" + i);
    }
}
