package io.tractfs.client;

import io.tractfs.client.local.LocalConfig;
import io.tractfs.client.pool.PoolConfig;
import io.tractfs.client.read.ReadConfig;
import io.tractfs.client.retry.RetryConfig;
import io.tractfs.client.write.WriteConfig;
import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.RpcClientConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Settings of a client, keys {@code fs.tract.*}. Addresses of metadata servers are not among them: whoever makes a
 * client names them. Immutable.
 *
 * @param write how streams write
 * @param read how streams read
 * @param retry how long and how often calls are tried
 * @param local how files of stores on this host are read
 * @param pool shared connections and threads
 * @param listPage entries of one page of a listing
 */
public record ClientConfig(
        WriteConfig write, ReadConfig read, LocalConfig local, RetryConfig retry, PoolConfig pool, int listPage) {
    /** Before every key. */
    public static final String PREFIX = "fs.tract.";

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int CHUNK = 512;

    /** Most bytes of one write request. */
    public static final Key<Long> PACKET_SIZE = Key.size(
            PREFIX + "packet.size",
            "1MiB",
            CHUNK,
            8 << 20,
            "Most bytes of one write request; rounded down to a power of two.");

    /** Bytes of a stream that may be unacknowledged. */
    public static final Key<Long> WRITE_BUFFER = Key.size(
            PREFIX + "write.buffer",
            "16MiB",
            CHUNK,
            1 << 30,
            "Bytes of one stream that may be unacknowledged; a write waits past it.");

    /** Tracts in flight. */
    public static final Key<Integer> WRITE_WINDOW = Key.count(
            PREFIX + "write.window", 0, 0, 64, "Tracts that a writer may have in flight; 0 for the server's default.");

    /** Whether close waits for the disks. */
    public static final Key<Boolean> CLOSE_SYNC = Key.flag(
            PREFIX + "close.sync",
            true,
            "Whether close returns only when all bytes are on disk on all members; false gives the durability that"
                    + " HDFS has by default.");

    /** Patience with a frozen class. */
    public static final Key<Duration> FROZEN_PATIENCE = Key.duration(
            PREFIX + "write.frozen.patience",
            "1s",
            Duration.ZERO,
            HOUR,
            "How long a writer waits for a row whose last holders are away, or one of whose members has no space and is not"
                    + " replaced, before it goes on in a new segment.");

    /** Patience with a row without members. */
    public static final Key<Duration> UNAVAILABLE_PATIENCE = Key.duration(
            PREFIX + "write.unavailable.patience",
            "20s",
            Duration.ZERO,
            HOUR,
            "The same for a row that has no members in the table.");

    /** Read-ahead of one stream. */
    public static final Key<Long> READ_AHEAD = Key.size(
            PREFIX + "read.ahead", "8MiB", 0, 1 << 30, "Most bytes that one sequential reader has asked for ahead.");

    /** Bytes of one read request. */
    public static final Key<Long> READ_PIECE = Key.size(
            PREFIX + "read.piece",
            "1MiB",
            CHUNK,
            8 << 20,
            "Most bytes of one read request; rounded down to a power of two.");

    /** Read-ahead of all streams. */
    public static final Key<Long> READ_TOTAL = Key.size(
            PREFIX + "read.ahead.total",
            "256MiB",
            0,
            1L << 40,
            "Read-ahead of all streams of the JVM together; past it streams ask for no more than they need.");

    /** When a second member is asked. */
    public static final Key<Duration> HEDGE_DELAY = Key.duration(
            PREFIX + "read.hedge.delay",
            "150ms",
            SHORTEST,
            HOUR,
            "How long a member may take for a range before another is asked too.");

    /** Short-circuit reads. */
    public static final Key<Boolean> SHORT_CIRCUIT = Key.flag(
            PREFIX + "read.shortcircuit",
            true,
            "Whether tracts of stores on this host are read from their files, where the operating system lets this "
                    + "user; otherwise, and whenever it fails, through the store.");

    /** Tract files that are kept open. */
    public static final Key<Integer> SHORT_CIRCUIT_FILES = Key.count(
            PREFIX + "read.shortcircuit.files",
            1024,
            1,
            1 << 20,
            "Most tract files of this host that a client keeps open; each takes a file descriptor.");

    /** When an unused tract file is closed. */
    public static final Key<Duration> SHORT_CIRCUIT_IDLE = Key.duration(
            PREFIX + "read.shortcircuit.idle",
            "10s",
            SHORTEST,
            HOUR,
            "How long a tract file of this host that is not read stays open; a deleted file keeps its space so long.");

    /** How long a range is tried. */
    public static final Key<Duration> READ_RETRY = Key.duration(
            PREFIX + "read.retry.time", "1m", SHORTEST, HOUR, "How long a range is tried before the read fails.");

    /** How long the tail is asked. */
    public static final Key<Duration> TAIL_TIMEOUT = Key.duration(
            PREFIX + "tail.timeout",
            "10s",
            SHORTEST,
            HOUR,
            "How long the members of an open file's tail are asked for its length.");

    /** How long calls are repeated. */
    public static final Key<Duration> RETRY_TIME = Key.duration(
            PREFIX + "retry.time",
            "5m",
            SHORTEST,
            Duration.ofDays(1),
            "How long calls to the metadata server and writes are repeated before their error goes to the caller.");

    /** First pause. */
    public static final Key<Duration> RETRY_LEAST = Key.duration(
            PREFIX + "retry.delay.least", "20ms", SHORTEST, HOUR, "Pause before the first repetition; it doubles.");

    /** Longest pause. */
    public static final Key<Duration> RETRY_MOST = Key.duration(
            PREFIX + "retry.delay.most",
            "1s",
            SHORTEST,
            HOUR,
            "Longest pause between repetitions; at most 100 ms while no metadata server listens, or it starts.");

    /** Time-out of a call to the metadata server. */
    public static final Key<Duration> CALL_TIMEOUT = Key.duration(
            PREFIX + "call.timeout", "15s", SHORTEST, HOUR, "How long one attempt at the metadata server waits.");

    /** Time-out of a call to a store. */
    public static final Key<Duration> DATA_TIMEOUT =
            Key.duration(PREFIX + "data.timeout", "30s", SHORTEST, HOUR, "How long one attempt at a store waits.");

    /** Event loops. */
    public static final Key<Integer> IO_THREADS = Key.count(
            PREFIX + "io.threads",
            0,
            0,
            64,
            "Threads for the network, shared by all clients of the JVM; 0 for one per processor, 4 at most.");

    /** Spinning. */
    public static final Key<Integer> IO_SPIN = EventLoops.spinKey(PREFIX);

    /** When unused connections are closed. */
    public static final Key<Duration> POOL_IDLE = Key.duration(
            PREFIX + "pool.idle.timeout",
            "10s",
            Duration.ZERO,
            HOUR,
            "How long connections and threads outlive the last client that used them.");

    /** Entries of a page. */
    public static final Key<Integer> LIST_PAGE =
            Key.count(PREFIX + "list.page", 4000, 1, 10_000, "Entries of a directory that are asked for at once.");

    private static final int MOST_IO_THREADS = 4;

    /** Every key, for the docs. */
    public static List<Key<?>> keys() {
        List<Key<?>> all = new ArrayList<>(List.of(
                PACKET_SIZE,
                WRITE_BUFFER,
                WRITE_WINDOW,
                CLOSE_SYNC,
                FROZEN_PATIENCE,
                UNAVAILABLE_PATIENCE,
                READ_AHEAD,
                READ_PIECE,
                READ_TOTAL,
                HEDGE_DELAY,
                SHORT_CIRCUIT,
                SHORT_CIRCUIT_FILES,
                SHORT_CIRCUIT_IDLE,
                READ_RETRY,
                TAIL_TIMEOUT,
                RETRY_TIME,
                RETRY_LEAST,
                RETRY_MOST,
                CALL_TIMEOUT,
                DATA_TIMEOUT,
                IO_THREADS,
                IO_SPIN,
                POOL_IDLE,
                LIST_PAGE));
        all.addAll(RpcClientConfig.keys(PREFIX));
        return List.copyOf(all);
    }

    /** The keys' defaults. */
    public static ClientConfig defaults() {
        return read(new Settings(Map.of()).reader());
    }

    /**
     * Settings as read from Hadoop's configuration; other keys below the prefix belong to the adapter.
     *
     * @throws ConfigException naming each wrong value
     */
    public static ClientConfig of(Settings settings) throws ConfigException {
        Settings.Reader reader = settings.reader();
        ClientConfig config = read(reader);
        reader.finish(List.of());
        return config;
    }

    private static ClientConfig read(Settings.Reader reader) {
        return new ClientConfig(
                writes(reader), reads(reader), locals(reader), retries(reader), pool(reader), reader.get(LIST_PAGE));
    }

    private static LocalConfig locals(Settings.Reader reader) {
        return new LocalConfig(
                reader.get(SHORT_CIRCUIT),
                reader.get(SHORT_CIRCUIT_FILES),
                reader.get(SHORT_CIRCUIT_IDLE).toMillis(),
                reader.get(HEDGE_DELAY).toMillis());
    }

    private static WriteConfig writes(Settings.Reader reader) {
        return new WriteConfig(
                powerOfTwo(reader.get(PACKET_SIZE)),
                reader.get(WRITE_BUFFER).intValue(),
                reader.get(WRITE_WINDOW),
                reader.get(CLOSE_SYNC),
                reader.get(FROZEN_PATIENCE).toMillis(),
                reader.get(UNAVAILABLE_PATIENCE).toMillis());
    }

    private static ReadConfig reads(Settings.Reader reader) {
        return new ReadConfig(
                reader.get(READ_AHEAD).intValue(),
                powerOfTwo(reader.get(READ_PIECE)),
                reader.get(HEDGE_DELAY).toMillis(),
                reader.get(READ_TOTAL),
                reader.get(READ_RETRY).toMillis(),
                reader.get(TAIL_TIMEOUT).toMillis());
    }

    private static RetryConfig retries(Settings.Reader reader) {
        return new RetryConfig(
                reader.get(RETRY_TIME).toMillis(),
                reader.get(RETRY_LEAST).toMillis(),
                reader.get(RETRY_MOST).toMillis(),
                reader.get(CALL_TIMEOUT).toMillis(),
                reader.get(DATA_TIMEOUT).toMillis());
    }

    private static PoolConfig pool(Settings.Reader reader) {
        int threads = reader.get(IO_THREADS);
        int automatic = Math.min(MOST_IO_THREADS, Runtime.getRuntime().availableProcessors());
        return new PoolConfig(
                threads == 0 ? automatic : threads,
                reader.get(IO_SPIN),
                reader.get(POOL_IDLE).toMillis(),
                RpcClientConfig.read(reader, PREFIX));
    }

    private static int powerOfTwo(long bytes) {
        return (int) Long.highestOneBit(bytes);
    }
}
