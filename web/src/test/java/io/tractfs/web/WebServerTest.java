package io.tractfs.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebServerTest {
    private final AtomicBoolean healthy = new AtomicBoolean(true);
    private final WebServer server = new WebServer(new HostPort("127.0.0.1", 0), "test");
    private HostPort address = new HostPort("127.0.0.1", 0);

    @BeforeEach
    void start() throws IOException {
        server.page("/metrics", () -> "up 1\n");
        server.page("/broken", () -> {
            throw new IllegalStateException("broken on purpose");
        });
        server.health("/health/ready", healthy::get);
        address = server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(address.host(), address.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @Test
    void servesPagesAndHealth() throws IOException {
        assertThat(get("/metrics?name=x")).startsWith("HTTP/1.1 200 OK").endsWith("up 1\n");
        assertThat(get("/")).endsWith("/\n/broken\n/health/ready\n/metrics\n");
        assertThat(get("/health/ready")).startsWith("HTTP/1.1 200").endsWith("ok\n");
        healthy.set(false);
        assertThat(get("/health/ready")).startsWith("HTTP/1.1 503").endsWith("unavailable\n");
        assertThat(ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n"))
                .contains("content-length: 5")
                .endsWith("\r\n\r\n");
    }

    @Test
    void refusesWhatItDoesNotServe() throws IOException {
        assertThat(get("/nowhere")).startsWith("HTTP/1.1 404");
        assertThat(get("/broken")).startsWith("HTTP/1.1 500").doesNotContain("on purpose");
        assertThat(ask("DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 405");
        assertThat(get("/" + "x".repeat(10_000))).startsWith("HTTP/1.1 4");
        assertThat(ask("POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n")).startsWith("HTTP/1.1 405");
    }

    @Test
    void survivesGarbageHalfRequestsAndManyIdleConnections() throws IOException {
        Random random = new Random(11);
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            Socket socket = connect();
            open.add(socket);
            socket.getOutputStream().write(i % 3 == 0 ? garbage : "GET /met".getBytes(US_ASCII));
        }
        assertThat(get("/metrics")).endsWith("up 1\n");
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Test
    void hidesSecretsAmongTheSettings() {
        assertThat(CommonPages.settings(Map.of("b.size", "1", "a.password", "x")))
                .isEqualTo("a.password=(hidden)\nb.size=1\n");
    }
}
