package io.tractfs.tract.server;

import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.tract.reconcile.ReconcileLimits;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcClientConfig;
import io.tractfs.wire.rpc.RpcServerConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a tract server is set up. Immutable.
 *
 * @param name of the server, for people
 * @param dataBind where data is served; port 0 takes a free one
 * @param dataAdvertised what others are told; its port 0 stands for the bound one
 * @param webBind where the web page is served; port 0 takes a free one
 * @param metadata addresses of the metadata servers
 * @param domain failure domain as a network path
 * @param heartbeatMs pause between heartbeats until the leader names another
 * @param spinMicros how long an event loop looks for more before it sleeps
 * @param writeThreads threads of each store that write
 * @param readThreads threads of each store that read
 * @param queueLength most calls that wait for one of these threads
 * @param reconcileSessions most rows of a store that are reconciled at once
 * @param reconcileLimits what bounds each of them
 * @param garbageDelayMs how long after registration deletes begin (P32)
 * @param namespaceCopyMs time between copies of the namespace, 0 for none
 * @param garbageConfirmed whether more than a tenth of a store's blobs may be deleted as unknown (P32)
 * @param scrubBytesPerSecond how much of each store is verified in the background; 0 for nothing
 * @param scrubIntervalMs least time from the begin of one such round to the begin of the next
 * @param rpcServer limits of the data port
 * @param rpcClient limits of calls to others
 */
public record TractServerConfig(
        String name,
        HostPort dataBind,
        HostPort dataAdvertised,
        HostPort webBind,
        List<HostPort> metadata,
        String domain,
        long heartbeatMs,
        int spinMicros,
        int writeThreads,
        int readThreads,
        int queueLength,
        int reconcileSessions,
        ReconcileLimits reconcileLimits,
        long garbageDelayMs,
        long namespaceCopyMs,
        boolean garbageConfirmed,
        long scrubBytesPerSecond,
        long scrubIntervalMs,
        RpcServerConfig rpcServer,
        RpcClientConfig rpcClient) {
    /** Begins every key. */
    public static final String PREFIX = "tract.store.";

    /** Default port of the data. */
    public static final int DATA_PORT = 7620;
    /** Default port of the web page. */
    public static final int WEB_PORT = 7622;
    /** Default port of the metadata server. */
    public static final int METADATA_PORT = 7610;

    private static final Duration DAY = Duration.ofDays(1);

    /** Name of the server. */
    public static final Key<String> NAME =
            Key.text(PREFIX + "server.name", "", "Name of the server, for people. Empty: the host's name.");
    /** Data port. */
    public static final Key<String> DATA_BIND = Key.text(
            PREFIX + "data.bind", "0.0.0.0:" + DATA_PORT, "Address on which data is served; port 0 takes a free one.");
    /** Advertised data port. */
    public static final Key<String> DATA_ADVERTISED = Key.text(
            PREFIX + "data.advertised",
            "",
            "Host and port that clients and other servers are told. Empty: the bound address, or the host's name where"
                    + " that is a wildcard.");
    /** Web port. */
    public static final Key<String> WEB_BIND = Key.text(
            PREFIX + "web.bind",
            "0.0.0.0:" + WEB_PORT,
            "Address of health, metrics, configuration and stacks; port 0 takes a free one.");
    /** Metadata servers. */
    public static final Key<String> METADATA = Key.text(
            PREFIX + "metadata",
            "localhost:" + METADATA_PORT,
            "Addresses of the metadata servers, separated by commas.");
    /** Failure domain. */
    public static final Key<String> DOMAIN =
            Key.text(PREFIX + "domain", "/default-rack", "Failure domain of this server, as a network path.");
    /** Heartbeats. */
    public static final Key<Duration> HEARTBEAT = Key.duration(
            PREFIX + "heartbeat.interval",
            "250ms",
            Duration.ofMillis(10),
            Duration.ofSeconds(60),
            "Pause between heartbeats until the leader names another.");
    /** Spinning. */
    public static final Key<Integer> IO_SPIN = EventLoops.spinKey(PREFIX);
    /** Write threads. */
    public static final Key<Integer> WRITE_THREADS =
            Key.count(PREFIX + "write.threads", 4, 1, 256, "Threads of each store that write.");
    /** Read threads. */
    public static final Key<Integer> READ_THREADS =
            Key.count(PREFIX + "read.threads", 4, 1, 256, "Threads of each store that read.");
    /** Queues. */
    public static final Key<Integer> QUEUE = Key.count(
            PREFIX + "queue.length",
            1024,
            16,
            1 << 20,
            "Most calls that wait for one of a store's threads; more are told that the store is busy.");
    /** Sessions. */
    public static final Key<Integer> RECONCILE_SESSIONS = Key.count(
            PREFIX + "reconcile.sessions", 8, 1, 256, "Most rows of a store that are reconciled at the same time.");
    /** Pieces. */
    public static final Key<Long> RECONCILE_PIECE = Key.size(
            PREFIX + "reconcile.piece.size",
            "1MiB",
            64 << 10,
            8 << 20,
            "Most bytes that reconcile fetches by one call; rounded down to whole chunks.");
    /** Slow start of deletes. */
    public static final Key<Duration> GARBAGE_DELAY = Key.duration(
            PREFIX + "garbage.delay",
            "30s",
            Duration.ZERO,
            DAY,
            "How long after its registration a server begins to delete what the namespace has removed.");
    /** Copies of the namespace. */
    public static final Key<Duration> NAMESPACE_COPY = Key.duration(
            PREFIX + "namespace.copy.interval",
            "10m",
            Duration.ZERO,
            DAY,
            "How often a copy of the namespace is fetched and kept beside the first store; 0 for never.");

    /** Mass deletes. */
    public static final Key<Boolean> GARBAGE_CONFIRMED = Key.flag(
            PREFIX + "garbage.confirmed",
            false,
            "Whether a store that was away for long may delete more than a tenth of its blobs as unknown.");

    /** Scrub. */
    public static final Key<Long> SCRUB = Key.size(
            PREFIX + "scrub.rate",
            "4MiB",
            0,
            1L << 32,
            "Bytes a second of each store that are verified in the background; 0 verifies nothing.");

    /** Pause of the scrub. */
    public static final Key<Duration> SCRUB_INTERVAL = Key.duration(
            PREFIX + "scrub.interval",
            "6h",
            Duration.ZERO,
            Duration.ofDays(365),
            "Least time from the begin of one round of background verification to the begin of the next.");

    private static final int CHUNK = 512;

    /** Copies the list. */
    public TractServerConfig {
        metadata = List.copyOf(metadata);
    }

    /** Every key but those of stores, server and client limits, for the documentation. */
    public static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(List.of(
                NAME,
                DATA_BIND,
                DATA_ADVERTISED,
                WEB_BIND,
                METADATA,
                DOMAIN,
                HEARTBEAT,
                IO_SPIN,
                WRITE_THREADS,
                READ_THREADS,
                QUEUE,
                RECONCILE_SESSIONS,
                RECONCILE_PIECE,
                GARBAGE_DELAY,
                NAMESPACE_COPY,
                GARBAGE_CONFIRMED,
                SCRUB,
                SCRUB_INTERVAL));
        keys.addAll(RpcServerConfig.keys(PREFIX));
        keys.addAll(RpcClientConfig.keys(PREFIX + "peer."));
        return List.copyOf(keys);
    }

    /** Reads the keys; the reader keeps what is wrong. The stores' own keys are read apart. */
    public static TractServerConfig read(Settings.Reader reader) {
        String host = hostName();
        HostPort bind = address(reader, DATA_BIND, DATA_PORT, host);
        String advertised = reader.get(DATA_ADVERTISED);
        String name = reader.get(NAME);
        ReconcileLimits byDefault = ReconcileLimits.DEFAULT;
        int piece = (int) (reader.get(RECONCILE_PIECE) / CHUNK * CHUNK);
        return new TractServerConfig(
                name.isEmpty() ? host : name,
                bind,
                advertised.isEmpty() ? advertised(bind, host) : address(reader, DATA_ADVERTISED, DATA_PORT, host),
                address(reader, WEB_BIND, WEB_PORT, host),
                metadata(reader),
                reader.get(DOMAIN),
                reader.get(HEARTBEAT).toMillis(),
                reader.get(IO_SPIN),
                reader.get(WRITE_THREADS),
                reader.get(READ_THREADS),
                reader.get(QUEUE),
                reader.get(RECONCILE_SESSIONS),
                new ReconcileLimits(byDefault.pageEntries(), piece, byDefault.fetches()),
                reader.get(GARBAGE_DELAY).toMillis(),
                reader.get(NAMESPACE_COPY).toMillis(),
                reader.get(GARBAGE_CONFIRMED),
                reader.get(SCRUB),
                reader.get(SCRUB_INTERVAL).toMillis(),
                RpcServerConfig.read(reader, PREFIX),
                RpcClientConfig.read(reader, PREFIX + "peer."));
    }

    private static HostPort advertised(HostPort bind, String host) {
        boolean wildcard = bind.host().equals("0.0.0.0") || bind.host().equals("::");
        return wildcard ? new HostPort(host, bind.port()) : bind;
    }

    private static HostPort address(Settings.Reader reader, Key<String> key, int defaultPort, String host) {
        String text = reader.get(key);
        try {
            return HostPort.parse(text, defaultPort);
        } catch (IllegalArgumentException e) {
            reader.problem(key.name() + " = '" + text + "': " + e.getMessage());
            return new HostPort(host, defaultPort);
        }
    }

    private static List<HostPort> metadata(Settings.Reader reader) {
        String text = reader.get(METADATA);
        try {
            List<HostPort> addresses = Arrays.stream(text.split(","))
                    .map(String::trim)
                    .filter(part -> !part.isEmpty())
                    .map(part -> HostPort.parse(part, METADATA_PORT))
                    .toList();
            if (!addresses.isEmpty()) {
                return addresses;
            }
            reader.problem(METADATA.name() + ": expected at least one address");
        } catch (IllegalArgumentException e) {
            reader.problem(METADATA.name() + " = '" + text + "': " + e.getMessage());
        }
        return List.of(new HostPort("localhost", METADATA_PORT));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
