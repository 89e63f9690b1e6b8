package io.tractfs.wire.rpc;

import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Limits of an RPC client. Immutable.
 *
 * @param connectionsPerAddress connections to one address; calls take turns on them
 * @param maxInFlight most calls in flight on one connection; more wait
 * @param maxPending most calls that wait for one connection; more fail with {@code BUSY}
 * @param connectTimeoutMs how long a connection may take to be made, and again to say hello
 * @param keepAliveMs after so much silence a ping is sent; after three times as much the connection is given up
 * @param idleTimeoutMs a connection without calls for so long is closed
 * @param redialPauseMs after a failed attempt calls fail at once for so long
 */
public record RpcClientConfig(
        int connectionsPerAddress,
        int maxInFlight,
        int maxPending,
        long connectTimeoutMs,
        long keepAliveMs,
        long idleTimeoutMs,
        long redialPauseMs) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int MOST_CALLS = 1 << 20;
    private static final long SEVERAL_CONNECT_MS = 1_000;
    private static final long SEVERAL_KEEP_ALIVE_MS = 400;

    /** The values of the keys' defaults. */
    public static RpcClientConfig defaults() {
        return read(new Settings(Map.of()).reader(), "");
    }

    /** Reads the keys of a client, such as {@code fs.tract.rpc.connections} for {@code fs.tract.}. */
    public static RpcClientConfig read(Settings.Reader reader, String prefix) {
        return new RpcClientConfig(
                reader.get(connectionsKey(prefix)),
                reader.get(maxInFlightKey(prefix)),
                reader.get(maxPendingKey(prefix)),
                reader.get(connectTimeoutKey(prefix)).toMillis(),
                reader.get(keepAliveKey(prefix)).toMillis(),
                reader.get(idleTimeoutKey(prefix)).toMillis(),
                reader.get(redialPauseKey(prefix)).toMillis());
    }

    /** The keys that {@link #read} reads, for a component's own list. */
    public static List<Key<?>> keys(String prefix) {
        return List.of(
                connectionsKey(prefix),
                maxInFlightKey(prefix),
                maxPendingKey(prefix),
                connectTimeoutKey(prefix),
                keepAliveKey(prefix),
                idleTimeoutKey(prefix),
                redialPauseKey(prefix));
    }

    /** The same limits with another number of connections to one address. */
    public RpcClientConfig withConnectionsPerAddress(int connections) {
        return new RpcClientConfig(
                connections, maxInFlight, maxPending, connectTimeoutMs, keepAliveMs, idleTimeoutMs, redialPauseMs);
    }

    /** The same limits with other numbers of calls. */
    public RpcClientConfig withCalls(int inFlight, int pending) {
        return new RpcClientConfig(
                connectionsPerAddress, inFlight, pending, connectTimeoutMs, keepAliveMs, idleTimeoutMs, redialPauseMs);
    }

    /** The same limits with other times. */
    public RpcClientConfig withTimes(long connectMs, long keepAlive, long idleMs, long redialMs) {
        return new RpcClientConfig(
                connectionsPerAddress, maxInFlight, maxPending, connectMs, keepAlive, idleMs, redialMs);
    }

    /** The same limits for one of several servers that stand in for each other: one that hangs is soon given up. */
    public RpcClientConfig amongSeveral() {
        return withTimes(
                Math.min(connectTimeoutMs, SEVERAL_CONNECT_MS),
                Math.min(keepAliveMs, SEVERAL_KEEP_ALIVE_MS),
                idleTimeoutMs,
                redialPauseMs);
    }

    private static Key<Integer> connectionsKey(String prefix) {
        return Key.count(prefix + "rpc.connections", 1, 1, 64, "Connections to one address; calls take turns on them.");
    }

    private static Key<Integer> maxInFlightKey(String prefix) {
        return Key.count(
                prefix + "rpc.calls.max", 256, 1, MOST_CALLS, "Most calls in flight on one connection; more wait.");
    }

    private static Key<Integer> maxPendingKey(String prefix) {
        return Key.count(
                prefix + "rpc.pending.max",
                4096,
                0,
                MOST_CALLS,
                "Most calls that wait for one connection; more fail as busy and may be tried again.");
    }

    private static Key<Duration> connectTimeoutKey(String prefix) {
        return Key.duration(
                prefix + "rpc.connect.timeout",
                "3s",
                SHORTEST,
                HOUR,
                "Time a connection may take to be made, and again to say hello.");
    }

    private static Key<Duration> keepAliveKey(String prefix) {
        return Key.duration(
                prefix + "rpc.keepalive",
                "10s",
                SHORTEST,
                HOUR,
                "Silence after which a ping is sent; after three times as much the connection is given up.");
    }

    private static Key<Duration> idleTimeoutKey(String prefix) {
        return Key.duration(
                prefix + "rpc.idle.timeout", "2m", SHORTEST, HOUR, "A connection without calls for so long is closed.");
    }

    private static Key<Duration> redialPauseKey(String prefix) {
        return Key.duration(
                prefix + "rpc.redial.pause",
                "50ms",
                Duration.ZERO,
                HOUR,
                "After a failed attempt to connect, calls fail at once for so long.");
    }
}
