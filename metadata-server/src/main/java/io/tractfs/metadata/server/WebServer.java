package io.tractfs.metadata.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Pages for machines and people: {@code /health/live}, {@code /health/ready}, {@code /metrics}, {@code /conf}, {@code
 * /stacks}. Two threads and a bounded queue, so that it never takes much from the server. Thread-safe.
 */
final class WebServer implements AutoCloseable {
    private static final int MAX_QUEUED = 64;
    private static final int THREADS = 2;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int NO_METHOD = 405;

    private final HttpServer server;
    private final ThreadPoolExecutor executor;

    /**
     * Binds; does not serve yet.
     *
     * @throws IOException if the address cannot be bound
     */
    WebServer(HostPort bind, String threadPrefix) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind.host()), bind.port()), MAX_QUEUED);
        executor = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MAX_QUEUED), task -> {
                    Thread thread = new Thread(task, threadPrefix + "-web-0");
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(executor);
    }

    /** A page of plain text. */
    void page(String path, Supplier<String> text) {
        server.createContext(path, exchange -> answer(exchange, OK, text.get()));
    }

    /** A page that is there while something holds. */
    void health(String path, BooleanSupplier healthy) {
        server.createContext(path, exchange -> {
            boolean holds = healthy.getAsBoolean();
            answer(exchange, holds ? OK : UNAVAILABLE, holds ? "ok\n" : "unavailable\n");
        });
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            boolean get = exchange.getRequestMethod().equals("GET");
            exchange.sendResponseHeaders(get ? status : NO_METHOD, get ? bytes.length : -1);
            if (get) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    /** Begins to serve; gives the port that was bound. */
    int start() {
        server.start();
        return server.getAddress().getPort();
    }

    /** The stacks of all threads. */
    static String stacks() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            text.append(thread.getKey().getName())
                    .append(' ')
                    .append(thread.getKey().getState())
                    .append('\n');
            for (StackTraceElement frame : thread.getValue()) {
                text.append("    ").append(frame).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
