package io.tractfs.wire.rpc;

import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * Limits of an RPC server. Immutable.
 *
 * @param maxConnections most connections; more are closed as they come
 * @param maxInFlight most calls in flight on one connection; past it the connection is not read
 * @param maxRequestBytes most bytes of requests in memory, over all connections; past it no connection is read
 * @param helloTimeoutMs how long a new connection has to say who it is
 * @param frameTimeoutMs how long one frame may take to arrive
 * @param idleTimeoutMs how long a connection may be silent; clients ping far more often
 */
public record RpcServerConfig(
        int maxConnections,
        int maxInFlight,
        long maxRequestBytes,
        long helloTimeoutMs,
        long frameTimeoutMs,
        long idleTimeoutMs) {
    private static final long MIB = 1L << 20;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** The values of the keys' defaults. */
    public static RpcServerConfig defaults() {
        return read(new Settings(java.util.Map.of()).reader(), "");
    }

    /** Reads the keys of a server, such as {@code tract.store.rpc.connections.max} for {@code tract.store.}. */
    public static RpcServerConfig read(Settings.Reader reader, String prefix) {
        return new RpcServerConfig(
                reader.get(maxConnectionsKey(prefix)),
                reader.get(maxInFlightKey(prefix)),
                reader.get(maxRequestBytesKey(prefix)),
                reader.get(helloTimeoutKey(prefix)).toMillis(),
                reader.get(frameTimeoutKey(prefix)).toMillis(),
                reader.get(idleTimeoutKey(prefix)).toMillis());
    }

    /** The keys that {@link #read} reads, for a component's own list. */
    public static List<Key<?>> keys(String prefix) {
        return List.of(
                maxConnectionsKey(prefix),
                maxInFlightKey(prefix),
                maxRequestBytesKey(prefix),
                helloTimeoutKey(prefix),
                frameTimeoutKey(prefix),
                idleTimeoutKey(prefix));
    }

    /** The same limits with another number of calls in flight. */
    public RpcServerConfig withMaxInFlight(int calls) {
        return new RpcServerConfig(
                maxConnections, calls, maxRequestBytes, helloTimeoutMs, frameTimeoutMs, idleTimeoutMs);
    }

    /** The same limits with another number of bytes of requests in memory. */
    public RpcServerConfig withMaxRequestBytes(long bytes) {
        return new RpcServerConfig(maxConnections, maxInFlight, bytes, helloTimeoutMs, frameTimeoutMs, idleTimeoutMs);
    }

    /** The same limits with another number of connections. */
    public RpcServerConfig withMaxConnections(int connections) {
        return new RpcServerConfig(
                connections, maxInFlight, maxRequestBytes, helloTimeoutMs, frameTimeoutMs, idleTimeoutMs);
    }

    /** The same limits with other time-outs. */
    public RpcServerConfig withTimeouts(long helloMs, long frameMs, long idleMs) {
        return new RpcServerConfig(maxConnections, maxInFlight, maxRequestBytes, helloMs, frameMs, idleMs);
    }

    private static Key<Integer> maxConnectionsKey(String prefix) {
        return Key.count(
                prefix + "rpc.connections.max", 8192, 1, 1_000_000, "Most connections; more are closed as they come.");
    }

    private static Key<Integer> maxInFlightKey(String prefix) {
        return Key.count(
                prefix + "rpc.calls.max",
                256,
                1,
                65_536,
                "Most calls in flight on one connection; past it the connection is not read.");
    }

    private static Key<Long> maxRequestBytesKey(String prefix) {
        return Key.size(
                prefix + "rpc.bytes.max",
                "256MiB",
                MIB,
                1L << 40,
                "Most bytes of requests in memory, over all connections; past it none is read. At most half of the direct memory.");
    }

    private static Key<Duration> helloTimeoutKey(String prefix) {
        return Key.duration(
                prefix + "rpc.hello.timeout", "10s", SHORTEST, HOUR, "Time a new connection has to say who it is.");
    }

    private static Key<Duration> frameTimeoutKey(String prefix) {
        return Key.duration(prefix + "rpc.frame.timeout", "30s", SHORTEST, HOUR, "Time one frame may take to arrive.");
    }

    private static Key<Duration> idleTimeoutKey(String prefix) {
        return Key.duration(
                prefix + "rpc.idle.timeout",
                "5m",
                SHORTEST,
                HOUR,
                "Time a connection may be silent; clients ping far more often.");
    }
}
