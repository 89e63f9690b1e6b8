package io.tractfs.tract.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health, metrics, settings (secrets left out) and stacks, as plain text. One thread serves them; they are for people and
 * scrapers. Thread-safe.
 */
final class WebPage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebPage.class);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int BACKLOG = 16;

    private final HostPort bind;
    private final BooleanSupplier ready;
    private final Supplier<String> metrics;
    private final Map<String, String> settings;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService thread;

    WebPage(HostPort bind, BooleanSupplier ready, Supplier<String> metrics, Map<String, String> settings) {
        this.bind = bind;
        this.ready = ready;
        this.metrics = metrics;
        this.settings = new TreeMap<>(settings);
    }

    /** Binds the port. */
    synchronized HostPort start() throws IOException {
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind.host()), bind.port()), BACKLOG);
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            Thread web = new Thread(task, "tract-server-web-0");
            web.setDaemon(true);
            return web;
        });
        http.setExecutor(worker);
        http.createContext("/health/live", exchange -> answer(exchange, OK, "live\n"));
        http.createContext("/health/ready", exchange -> {
            boolean isReady = ready.getAsBoolean();
            answer(exchange, isReady ? OK : UNAVAILABLE, isReady ? "ready\n" : "not ready\n");
        });
        http.createContext("/metrics", exchange -> answer(exchange, OK, metrics.get()));
        http.createContext("/conf", exchange -> answer(exchange, OK, conf()));
        http.createContext("/stacks", exchange -> answer(exchange, OK, stacks()));
        http.start();
        server = http;
        thread = worker;
        return new HostPort(bind.host(), http.getAddress().getPort());
    }

    @Override
    public synchronized void close() {
        HttpServer http = server;
        if (http != null) {
            http.stop(0);
        }
        ExecutorService worker = thread;
        if (worker != null) {
            worker.shutdownNow();
        }
    }

    private String conf() {
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) -> {
            String lower = key.toLowerCase(Locale.ROOT);
            boolean secret = lower.contains("secret") || lower.contains("password") || lower.contains("key.value");
            text.append(key).append('=').append(secret ? "(hidden)" : value).append('\n');
        });
        return text.toString();
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append('"')
                    .append(thread.getName())
                    .append("\" ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement frame : frames) {
                text.append("    at ").append(frame).append('\n');
            }
        });
        return text.toString();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        } catch (IOException e) {
            LOG.debug("event=web-answer-failed", e);
            throw e;
        }
    }
}
