package io.tractfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server says of itself on its web page for metrics, asked from within the test: a command takes a process, which on a
 * machine that is busy takes seconds. Immutable.
 */
public final class Gauges {
    private static final int TIMEOUT_MS = 2_000;

    private final Map<String, Double> values;

    private Gauges(Map<String, Double> values) {
        this.values = values;
    }

    /**
     * Those of a server of this machine.
     *
     * @param port of its web pages
     * @throws IOException if it does not answer
     */
    public static Gauges at(int port) throws IOException {
        URLConnection page =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openConnection();
        page.setConnectTimeout(TIMEOUT_MS);
        page.setReadTimeout(TIMEOUT_MS);
        try (InputStream in = page.getInputStream()) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines());
        }
    }

    private static Gauges of(Stream<String> lines) {
        return new Gauges(lines.filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                        Double::sum)));
    }

    /** The sum over all labels; 0 if there is none of that name. */
    public long sum(String name) {
        return (long) values.entrySet().stream()
                .filter(value -> value.getKey().equals(name) || value.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
