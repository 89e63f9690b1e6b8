package io.tractfs.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.RawFrames;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever arrives at any port of any server: it lives, keeps its memory, says why it refused, and serves the others. */
class BadInputIT {
    private static final int IDLE_CONNECTIONS = 1000;
    private static final int SLOW_SENDERS = 60;
    private static final int MOST_METHODS = 460;
    private static final int CALLS = 6;
    private static final long MEMORY_GROWTH_KIB = 400 << 10;
    private static final RandomFile FILE = new RandomFile(7, 20 << 20);

    private static ProcessCluster cluster;
    private static Map<String, Integer> ports;
    private static FileSystem files;
    private final Map<String, Long> memoryBefore = new TreeMap<>();

    @BeforeAll
    static void start() throws IOException {
        cluster = ProcessCluster.start(3);
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
        // Warm, so that what memory serving takes is there before.
        writeAndRead("/warm");
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            files.close();
        } finally {
            cluster.close();
        }
    }

    @BeforeEach
    void remember() throws IOException {
        assertThat(ports).hasSize(3 + 2 * 3);
        for (String server : cluster.names()) {
            memoryBefore.put(server, residentKib(server));
        }
    }

    @AfterEach
    void allServersLiveKeepTheirMemoryAndServe() throws IOException {
        writeAndRead("/after");
        for (String server : cluster.names()) {
            assertThat(residentKib(server) - memoryBefore.getOrDefault(server, 0L))
                    .as("growth of %s in KiB", server)
                    .isLessThan(MEMORY_GROWTH_KIB);
            String log = log(server);
            assertThat(log.lines().filter(line -> line.contains("ERROR")))
                    .as("errors of %s", server)
                    .isEmpty();
        }
    }

    private static void writeAndRead(String name) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(name);
        try (var out = files.create(path, true)) {
            FILE.writeTo(out);
        }
        try (var in = files.open(path)) {
            FILE.assertEqualTo(in);
        }
    }

    private static long residentKib(String server) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(cluster.pid(server)), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new AssertionError(server + " does not run");
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

    /** Sends bytes and reads until the server closes, or falls silent for a while. */
    private static void sendAndDrain(int port, byte[]... parts) throws IOException {
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(100);
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException | SocketException e) {
            // It keeps the connection, which ends here, or has reset it.
            return;
        }
    }

    @Test
    void garbageAndHalfFramesOnEachPortEndTheirConnectionOnly() throws IOException {
        Random random = new Random(3);
        byte[] hello = RawFrames.hello();
        byte[] half = RawFrames.request(1, 1, RawFrames.randomMessage(random, 1), new byte[100]);
        for (int port : ports.values()) {
            for (int round = 0; round < 40; round++) {
                byte[] garbage = new byte[random.nextInt(2000)];
                random.nextBytes(garbage);
                sendAndDrain(port, garbage);
                sendAndDrain(port, hello, garbage);
                sendAndDrain(port, java.util.Arrays.copyOf(hello, random.nextInt(hello.length)));
                sendAndDrain(port, half);
                sendAndDrain(port, hello, java.util.Arrays.copyOf(half, random.nextInt(half.length)));
            }
            sendAndDrain(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            sendAndDrain(port, "SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
        }
        for (String server : cluster.names()) {
            assertThat(log(server))
                    .contains("event=rpc-connection-refused")
                    .contains("event=rpc-connection-lost")
                    .contains("event=web-request-refused");
        }
    }

    @Test
    void absurdLengthsTakeNoMemory() throws IOException {
        byte[] hello = RawFrames.hello();
        List<Socket> open = new ArrayList<>();
        for (int port : ports.values()) {
            for (int length : new int[] {-1, Integer.MAX_VALUE, 1 << 30, 9 << 20, 3, 0}) {
                byte[] prefix = {
                    (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length, 3, 0, 0, 0
                };
                sendAndDrain(port, prefix);
                sendAndDrain(port, hello, prefix);
            }
            // Allowed ones that never come: no more of them than the budget takes memory.
            for (int i = 0; i < SLOW_SENDERS; i++) {
                Socket socket = connect(port);
                socket.getOutputStream().write(hello);
                socket.getOutputStream().write(new byte[] {0, 0x70, 0, 0, 3, 0, 0, 0, 1, 2, 3});
                open.add(socket);
            }
        }
        // While they hold what they got, others are served.
        writeAndRead("/beside-slow-senders");
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Test
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

    @Test
    void aThousandIdleConnectionsOnEachPortDisturbNobody() throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int port : ports.values()) {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(connect(port));
            }
        }
        writeAndRead("/beside-idle-connections");
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            if (port.getKey().endsWith("web.bind")) {
                assertThat(get(port.getValue(), "/health/ready"))
                        .as(port.getKey())
                        .startsWith("HTTP/1.1 200");
            }
        }
        for (Socket socket : idle) {
            socket.close();
        }
    }

    private static String get(int port, String page) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(("GET " + page + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
