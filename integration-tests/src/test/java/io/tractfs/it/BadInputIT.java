package io.tractfs.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Intruders;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.RawFrames;
import io.tractfs.testkit.RawHttp2;
import io.tractfs.testkit.ServerMemory;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Whatever arrives at any port of any server: it lives, keeps its memory, says why it refused, and serves the others. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {
    private static final int IDLE_CONNECTIONS = 1000;
    /** More than what is sent to one port beside idle connections. */
    private static final int OTHERS_PER_PORT = 600;
    /** Of this process, for files and for connections that are meant well. */
    private static final int OTHER_DESCRIPTORS = 400;

    private static final int SLOW_SENDERS = 60;
    private static final int GARBAGE_ROUNDS = 40;
    private static final int MOST_METHODS = 460;
    private static final int HTTP2_ROUNDS = 8;
    private static final String VOTE = "/ratis.grpc.RaftServerProtocolService/requestVote";
    private static final int CALLS = 6;
    /** All of them are over in half of it on an idle machine; web pages wait longest, for 15 s. */
    private static final long CLOSED_WITHIN_S = 60;
    /** Of what is live after a round, and of all memory: caches and pools of threads, whichever thread had what to do. */
    private static final long MOST_LIVE_GROWTH_KIB = 8 << 10;

    private static final long MOST_RESIDENT_GROWTH_KIB = 48 << 10;
    private static final RandomFile FILE = new RandomFile(7, 20 << 20);

    private static ProcessCluster cluster;
    private static Map<String, Integer> ports;
    private static FileSystem files;
    private static int written;

    @BeforeAll
    static void start() throws IOException {
        cluster = ProcessCluster.startWith(
                Map.of("TRACTFS_METADATA_OPTS", ServerMemory.OPTIONS, "TRACTFS_TRACT_OPTS", ServerMemory.OPTIONS),
                3,
                "-Dtract.metadata.rpc.hello.timeout=2s",
                "-Dtract.metadata.rpc.frame.timeout=3s",
                "-Dtract.metadata.rpc.idle.timeout=6s",
                "-Dtract.store.rpc.hello.timeout=2s",
                "-Dtract.store.rpc.frame.timeout=3s",
                "-Dtract.store.rpc.idle.timeout=6s");
        files = cluster.newFileSystem();
        ports = new TreeMap<>();
        for (String server : cluster.names()) {
            Configuration settings = new Configuration(false);
            settings.addResource(new org.apache.hadoop.fs.Path(
                    cluster.configurationDirectory().resolve(server + ".xml").toUri()));
            settings.forEach(setting -> {
                if (setting.getKey().endsWith(".bind")) {
                    ports.put(
                            server + " " + setting.getKey(),
                            Integer.parseInt(setting.getValue().replaceAll(".*:", "")));
                }
            });
        }
        assertThat(ports).hasSize(3 + 2 * 3);
        writeAndRead();
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            files.close();
        } finally {
            cluster.close();
        }
    }

    @AfterEach
    void allServersLiveAndServe() throws IOException {
        writeAndRead();
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            if (port.getKey().endsWith("web.bind")) {
                assertThat(get(port.getValue(), "/health/ready"))
                        .as(port.getKey())
                        .startsWith("HTTP/1.1 200");
            }
        }
        for (String server : cluster.names()) {
            assertThat(log(server).lines().filter(line -> line.contains("ERROR")))
                    .as("errors of %s", server)
                    .isEmpty();
        }
    }

    private static void writeAndRead() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("/file-" + written++);
        try (var out = files.create(path)) {
            FILE.writeTo(out);
        }
        try (var in = files.open(path)) {
            FILE.assertEqualTo(in);
        }
    }

    private static String log(String server) throws IOException {
        return Files.readString(cluster.directory().resolve("logs").resolve(server + ".log"), UTF_8);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Test
    @Order(1)
    void whateverComesToEachPortIsClosedWithALoggedReasonWhileOthersAreServed() throws IOException {
        intrude();
        for (String server : cluster.names()) {
            assertThat(log(server))
                    .as(server)
                    .contains(
                            "reason=\"no hello within 2000 ms\"",
                            "reason=\"a frame did not arrive in time\"",
                            "reason=\"the connection was idle\"",
                            "reason=\"ended in the middle of a frame\"",
                            "event=rpc-connection-refused",
                            "event=rpc-hello-refused",
                            "event=web-request-refused",
                            "reason=\"not done after 15 s\"");
        }
        assertThat(log("metadata-1"))
                .contains(
                        "reason=\"it does not speak HTTP/2\"",
                        "reason=\"no HTTP/2 preface within 2000 ms\"",
                        "reason=\"there are 128 connections already that say nothing\"",
                        "reason=\"HTTP/2 error");
    }

    @Test
    @Order(2)
    void theSameAgainTakesNoMoreMemory() throws IOException {
        Map<String, ServerMemory> before = memory();
        intrude();
        for (Map.Entry<String, ServerMemory> after : memory().entrySet()) {
            ServerMemory then = Objects.requireNonNull(before.get(after.getKey()), after.getKey());
            assertThat(after.getValue().liveKib() - then.liveKib())
                    .as("growth of the heap of %s in KiB, from %s to %s", after.getKey(), then, after.getValue())
                    .isLessThan(MOST_LIVE_GROWTH_KIB);
            assertThat(after.getValue().residentKib() - then.residentKib())
                    .as("growth of %s in KiB, from %s to %s", after.getKey(), then, after.getValue())
                    .isLessThan(MOST_RESIDENT_GROWTH_KIB);
        }
    }

    private static Map<String, ServerMemory> memory() throws IOException {
        Map<String, ServerMemory> memory = new TreeMap<>();
        for (String server : cluster.names()) {
            memory.put(server, ServerMemory.of(cluster.pid(server)));
        }
        return memory;
    }

    /**
     * Does everything that nobody should, to all ports at once, or to as many as this process may have connections to, and
     * waits until all of it is closed.
     */
    private static void intrude() throws IOException {
        Random random = new Random(3);
        long most = ServerMemory.descriptorLimit() - OTHER_DESCRIPTORS;
        assertThat(most)
                .as("connections that this process may have; raise the limit of open files")
                .isGreaterThan(IDLE_CONNECTIONS + OTHERS_PER_PORT);
        try (Intruders intruders = new Intruders()) {
            // First: later there are more connections than that port takes.
            sendHttp2(intruders, "metadata-1 tract.metadata.raft.bind", random);
            for (Map.Entry<String, Integer> port : ports.entrySet()) {
                if (intruders.open() + IDLE_CONNECTIONS + OTHERS_PER_PORT > most) {
                    intruders.awaitClosed(CLOSED_WITHIN_S);
                }
                sendGarbage(intruders, port.getKey(), port.getValue(), random);
                sendAbsurdLengths(intruders, port.getKey(), port.getValue());
                for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                    intruders.send("idle at " + port.getKey(), port.getValue());
                }
            }
            writeAndRead();
            intruders.awaitClosed(CLOSED_WITHIN_S);
        }
    }

    private static void sendGarbage(Intruders intruders, String name, int port, Random random) throws IOException {
        byte[] hello = RawFrames.hello();
        byte[] half = RawFrames.request(1, 1, RawFrames.randomMessage(random, 1), new byte[100]);
        for (int round = 0; round < GARBAGE_ROUNDS; round++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            intruders.send("garbage to " + name, port, garbage);
            intruders.send("garbage after a hello to " + name, port, hello, garbage);
            intruders.send("half a hello to " + name, port, Arrays.copyOf(hello, 1 + random.nextInt(hello.length - 1)));
            intruders.sendAndEnd(
                    "the end of half a hello to " + name, port, Arrays.copyOf(hello, random.nextInt(hello.length)));
            intruders.send("a request without a hello to " + name, port, half);
            intruders.sendAndEnd(
                    "the end of half a request to " + name,
                    port,
                    hello,
                    Arrays.copyOf(half, 1 + random.nextInt(half.length - 1)));
        }
        intruders.send("a hello and nothing else to " + name, port, hello);
        intruders.send("a hello of another protocol to " + name, port, RawFrames.strangeHello());
        intruders.drip("a slow hello to " + name, port, hello);
        intruders.send("HTTP to " + name, port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        intruders.send("HTTP without an end to " + name, port, "GET / HTTP/1.1\r\nHost: ".getBytes(US_ASCII));
        intruders.send("SSH to " + name, port, "SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
    }

    private static void sendAbsurdLengths(Intruders intruders, String name, int port) throws IOException {
        byte[] hello = RawFrames.hello();
        for (int length : new int[] {-1, Integer.MAX_VALUE, 1 << 30, 9 << 20, 3, 0}) {
            byte[] prefix = prefix(length);
            intruders.send("a length of " + length + " to " + name, port, prefix);
            intruders.send("a length of " + length + " after a hello to " + name, port, hello, prefix);
        }
        // Allowed ones that hardly come: no more of them than the budget take memory.
        for (int i = 0; i < SLOW_SENDERS; i++) {
            intruders.drip("a slow request to " + name, port, new byte[1000], hello, prefix(7 << 20), new byte[] {1});
        }
    }

    private static byte[] prefix(int length) {
        return new byte[] {
            (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length, 3, 0, 0, 0
        };
    }

    /** What the port of the log's peers takes for their protocol, at first. */
    private static void sendHttp2(Intruders intruders, String name, Random random) throws IOException {
        int port = Objects.requireNonNull(ports.get(name), name);
        byte[] preface = RawHttp2.preface();
        byte[] garbage = new byte[1000];
        random.nextBytes(garbage);
        for (int i = 0; i < HTTP2_ROUNDS; i++) {
            intruders.send("garbage after a preface to " + name, port, preface, garbage);
            intruders.send("an absurd frame to " + name, port, preface, RawHttp2.absurdFrame());
            intruders.send("a preface and nothing else to " + name, port, preface);
            intruders.send("an unknown method to " + name, port, preface, RawHttp2.call("/no.such.Service/call", 10));
            for (int length : new int[] {-1, Integer.MAX_VALUE, 5 << 20, 0}) {
                intruders.send("a call of " + length + " bytes to " + name, port, preface, RawHttp2.call(VOTE, length));
            }
        }
    }

    @Test
    @Order(3)
    void anyMessageToAnyMethodIsAnsweredOrRefused() throws IOException {
        Random random = new Random(5);
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            if (port.getKey().endsWith("raft.bind") || port.getKey().endsWith("web.bind")) {
                continue;
            }
            int answers = 0;
            for (int method = 0; method < MOST_METHODS; method++) {
                answers += answers(port.getValue(), method, random);
            }
            assertThat(answers).as("answers of " + port.getKey()).isGreaterThan(MOST_METHODS * (CALLS - 1));
        }
    }

    /** Calls a method with random messages; gives the number of answers, which may come late or end with a goodbye. */
    private static int answers(int port, int method, Random random) throws IOException {
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(RawFrames.hello());
            for (int call = 1; call <= CALLS; call++) {
                byte[] message = RawFrames.randomMessage(random, 3);
                if (call == CALLS) {
                    random.nextBytes(message);
                }
                byte[] body = new byte[random.nextInt(300)];
                socket.getOutputStream().write(RawFrames.request(method, call, message, body));
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int answers = -1; // the hello is answered too
            try {
                while (answers < CALLS) {
                    in.skipNBytes(in.readInt());
                    answers++;
                }
            } catch (SocketTimeoutException | EOFException e) {
                return answers;
            }
            return answers;
        }
    }

    private static String get(int port, String page) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(("GET " + page + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
