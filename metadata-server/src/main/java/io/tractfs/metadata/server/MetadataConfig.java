package io.tractfs.metadata.server;

import io.tractfs.config.ConfigException;
import io.tractfs.config.Key;
import io.tractfs.config.Settings;
import io.tractfs.metadata.raft.RaftPeerAddress;
import io.tractfs.wire.rpc.EventLoops;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Settings of a metadata server, but for those of the namespace. Immutable.
 *
 * @param name of the server, for people and as the name of its peer of the log
 * @param directory where log, namespace and identity are
 * @param rpcBind where it listens
 * @param raftBind where peers of the log reach it
 * @param peers all metadata servers that keep the log together; empty if it is the only one
 * @param election least silence of a leader after which another server stands for election
 * @param webBind where health and metrics are served
 * @param shape N, k and the stores to wait for
 * @param timing how long things may take
 * @param superuser who owns the first directories and needs no permission
 * @param namespace settings of the namespace
 * @param server limits of the RPC server
 */
public record MetadataConfig(
        String name,
        Path directory,
        HostPort rpcBind,
        HostPort raftBind,
        List<RaftPeerAddress> peers,
        Duration election,
        HostPort webBind,
        Shape shape,
        Timing timing,
        String superuser,
        NamespaceConfig namespace,
        RpcServerConfig server) {
    /** All keys begin with this. */
    public static final String PREFIX = "tract.metadata.";

    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Name of the server. */
    public static final Key<String> NAME =
            Key.text(PREFIX + "name", "metadata-1", "Name of this metadata server, for people.");

    /** Directory. */
    public static final Key<String> DIR =
            Key.text(PREFIX + "dir", "", "Directory of the log and the namespace; formatted by command only.");

    /** RPC address. */
    public static final Key<HostPort> RPC_BIND =
            address("rpc.bind", "0.0.0.0:7610", "Where clients and tract servers reach it.");

    /** Advertised RPC address. */
    public static final Key<String> RPC_ADVERTISED = Key.text(
            PREFIX + "rpc.advertised",
            "",
            "Host and port that clients are told to use; kept for tools, not read by the server yet.");

    /** Raft address. */
    public static final Key<HostPort> RAFT_BIND =
            address("raft.bind", "127.0.0.1:7611", "Where other peers of the log reach it.");

    /** Peers. */
    public static final Key<List<RaftPeerAddress>> PEERS = new Key<>(
            PREFIX + "peers",
            "",
            "list",
            "All metadata servers of the cluster, this one among them, separated by commas: name=host:port/host:port,"
                    + " where calls are answered and where the log's peers are. Three of them, the same at each. Empty:"
                    + " this is the only one.",
            MetadataConfig::peers);

    /** Election. */
    public static final Key<Duration> ELECTION = Key.duration(
            PREFIX + "election.time",
            "500ms",
            Duration.ofMillis(50),
            HOUR,
            "Least silence of the leader after which another metadata server stands for election; most is half as much"
                    + " again.");

    /** Web address. */
    public static final Key<HostPort> WEB_BIND =
            address("web.bind", "0.0.0.0:7612", "Where health, metrics and configuration are served.");

    /** Rows. */
    public static final Key<Integer> ROWS = Key.count(
            PREFIX + "rows", 65_536, 1, 1 << 22, "Rows N of the tract table, a power of two; fixed at format.");

    /** Columns. */
    public static final Key<Integer> COLUMNS =
            Key.count(PREFIX + "columns", 3, 1, 8, "Columns k of the tract table; fixed at format.");

    /** Expected stores. */
    public static final Key<Integer> EXPECTED_STORES = Key.count(
            PREFIX + "expected.stores",
            1,
            1,
            1 << 20,
            "Stores to wait for before empty rows are placed for the first time, so that they are placed evenly.");

    /** Superuser. */
    public static final Key<String> SUPERUSER = Key.text(
            PREFIX + "superuser",
            "",
            "User who owns the first directories and needs no permission. Empty: the user who starts the server.");

    /** Heartbeats. */
    public static final Key<Duration> HEARTBEAT =
            Key.duration(PREFIX + "heartbeat.interval", "250ms", MS, HOUR, "How often stores show that they live.");

    /** Suspicion. */
    public static final Key<Duration> SUSPECT =
            Key.duration(PREFIX + "suspect.time", "750ms", MS, HOUR, "Silence after which a store's server is probed.");

    /** Death. */
    public static final Key<Duration> DEATH = Key.duration(
            PREFIX + "death.time",
            "2s",
            MS,
            HOUR,
            "Silence after which a store is dead; one whose port refuses is dead at once.");

    /** Proposals. */
    public static final Key<Duration> PROPOSAL = Key.duration(
            PREFIX + "proposal.time",
            "1s",
            MS,
            HOUR,
            "How long a replacement may take to accept a row before the row goes on without it.");

    /** Settling. */
    public static final Key<Duration> SETTLE = Key.duration(
            PREFIX + "settle.time", "500ms", MS, HOUR, "Calm after the last store joined before the first placement.");

    /** Limit of settling. */
    public static final Key<Duration> SETTLE_LIMIT =
            Key.duration(PREFIX + "settle.limit", "30s", MS, HOUR, "Longest wait for the expected stores.");

    /** Grace. */
    public static final Key<Duration> GRACE = Key.duration(
            PREFIX + "grace.time",
            "60s",
            MS,
            HOUR,
            "How long a store that announced its restart may be away before it is replaced.");

    /** Threads. */
    public static final Key<Integer> IO_THREADS =
            Key.count(PREFIX + "io.threads", 2, 1, 256, "Threads that read and write sockets.");

    /** Spinning. */
    public static final Key<Integer> IO_SPIN = EventLoops.spinKey(PREFIX);

    /** Reserve. */
    public static final Key<Long> RESERVE = Key.size(
            PREFIX + "reserve",
            "1GiB",
            0,
            1L << 50,
            "Space on the disk of the directory that is left to the log and the database: with less, names can be read,"
                    + " removed and closed, but not made. At most a quarter of the disk is taken.");

    /** What is counted. Immutable. */
    public record Shape(int rows, int columns, int expectedStores, int ioThreads, int spinMicros, long reserveBytes) {}

    /** Durations. Immutable. */
    public record Timing(
            Duration heartbeat,
            Duration suspect,
            Duration death,
            Duration proposal,
            Duration settle,
            Duration settleLimit,
            Duration grace) {}

    /**
     * Reads and checks all settings.
     *
     * @throws ConfigException naming every problem
     */
    public static MetadataConfig read(Settings settings) throws ConfigException {
        Settings.Reader reader = settings.reader();
        Shape shape = new Shape(
                reader.get(ROWS),
                reader.get(COLUMNS),
                reader.get(EXPECTED_STORES),
                reader.get(IO_THREADS),
                reader.get(IO_SPIN),
                reader.get(RESERVE));
        if (Integer.bitCount(shape.rows()) != 1) {
            reader.problem(ROWS.name() + " = " + shape.rows() + ": expected a power of two");
        }
        String directory = reader.get(DIR);
        if (directory.isEmpty()) {
            reader.problem(DIR.name() + ": must be set");
        }
        reader.get(RPC_ADVERTISED);
        List<RaftPeerAddress> peers = reader.get(PEERS);
        checkPeers(reader, peers);
        String superuser = reader.get(SUPERUSER);
        MetadataConfig config = new MetadataConfig(
                reader.get(NAME),
                Path.of(directory),
                reader.get(RPC_BIND),
                reader.get(RAFT_BIND),
                peers,
                reader.get(ELECTION),
                reader.get(WEB_BIND),
                shape,
                new Timing(
                        reader.get(HEARTBEAT),
                        reader.get(SUSPECT),
                        reader.get(DEATH),
                        reader.get(PROPOSAL),
                        reader.get(SETTLE),
                        reader.get(SETTLE_LIMIT),
                        reader.get(GRACE)),
                superuser.isEmpty() ? System.getProperty("user.name", "tractfs") : superuser,
                NamespaceConfig.read(reader),
                RpcServerConfig.read(reader, PREFIX));
        reader.finish(List.of(PREFIX));
        return config;
    }

    /** Every key, for the documentation. */
    public static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(List.of(
                NAME,
                DIR,
                RPC_BIND,
                RPC_ADVERTISED,
                RAFT_BIND,
                PEERS,
                ELECTION,
                WEB_BIND,
                ROWS,
                COLUMNS,
                EXPECTED_STORES,
                SUPERUSER,
                HEARTBEAT,
                SUSPECT,
                DEATH,
                PROPOSAL,
                SETTLE,
                SETTLE_LIMIT,
                GRACE,
                IO_THREADS,
                IO_SPIN,
                RESERVE));
        keys.addAll(NamespaceConfig.KEYS);
        keys.addAll(RpcServerConfig.keys(PREFIX));
        return keys;
    }

    private static List<RaftPeerAddress> peers(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(RaftPeerAddress::parse)
                .toList();
    }

    private static void checkPeers(Settings.Reader reader, List<RaftPeerAddress> peers) {
        long own = peers.stream()
                .filter(peer -> peer.name().equals(reader.get(NAME)))
                .count();
        long names = peers.stream().map(RaftPeerAddress::name).distinct().count();
        if (!peers.isEmpty() && (own != 1 || names != peers.size())) {
            reader.problem(PEERS.name() + " = " + peers + ": expected different names, " + reader.get(NAME) + " ("
                    + NAME.name() + ") among them");
        }
        if (peers.size() > 1 && peers.size() % 2 == 0) {
            reader.problem(PEERS.name() + ": expected an odd number of servers, such as three, got " + peers.size());
        }
    }

    private static Key<HostPort> address(String name, String byDefault, String doc) {
        return new Key<>(PREFIX + name, byDefault, "host:port", doc, HostPort::parse);
    }
}
