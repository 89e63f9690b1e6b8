package io.tractfs.bench.faults;

import io.tractfs.bench.cluster.TractFsSide;
import io.tractfs.bench.plan.Durability;
import io.tractfs.bench.plan.Location;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** TractFS; its state is read from the metadata server's metrics. Thread-safe. */
final class TractFsFaults implements FaultyCluster {
    private static final String METADATA = "metadata-1";
    private static final int WEB = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final TractFsSide side;
    private final int servers;
    private final URI metrics;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    TractFsFaults(TractFsSide side, int servers, int portBase) {
        this.side = side;
        this.servers = servers;
        this.metrics = URI.create("http://127.0.0.1:" + (portBase + WEB) + "/metrics");
    }

    @Override
    public String name() {
        return "TractFS";
    }

    @Override
    public void start() throws IOException {
        side.start();
    }

    @Override
    public Configuration configuration() {
        Configuration configuration = new Configuration();
        side.clientSettings(Location.REMOTE, Durability.PAGE_CACHE).forEach(configuration::set);
        return configuration;
    }

    @Override
    public URI uri() {
        return FileSystem.getDefaultUri(configuration());
    }

    private static String server(int number) {
        return "tract-" + number;
    }

    @Override
    public void killData(int number) throws IOException {
        Signals.send("KILL", side.pid(server(number)));
    }

    @Override
    public void freezeData(int number) throws IOException {
        Signals.send("STOP", side.pid(server(number)));
    }

    @Override
    public void resumeData(int number) throws IOException {
        Signals.send("CONT", side.pid(server(number)));
    }

    @Override
    public void startData(int number) throws IOException {
        side.tractfs("restart", server(number));
    }

    @Override
    public void restartNames() throws IOException {
        Signals.send("KILL", side.pid(METADATA));
        side.tractfs("restart", METADATA);
    }

    @Override
    public boolean hasNoticed() throws IOException {
        return metric("tractfs_metadata_rows_stores") < servers;
    }

    @Override
    public boolean isWhole() throws IOException {
        String text = scrape();
        double rows = value(text, "tractfs_metadata_rows");
        return rows > 0 && value(text, "tractfs_metadata_rows_in_sync") == rows;
    }

    @Override
    public int victimOf(String openFile) {
        // Each tract is on other servers, so every one of them is met within seconds.
        return 1;
    }

    private double metric(String name) throws IOException {
        return value(scrape(), name);
    }

    private String scrape() throws IOException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    private static double value(String text, String name) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("The metadata server has no metric " + name));
    }

    @Override
    public void close() {
        side.close();
    }
}
