package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.id.ClusterId;
import io.tractfs.wire.rpc.HostPort;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a local cluster consists of; remembered in {@code conf/cluster.properties}, so that a start without options
 * brings the same cluster back. Immutable.
 *
 * @param cluster drawn when the directory was made
 * @param host address that the servers listen on and are reached at
 * @param portBase port of the first metadata server; all of them share the first ten ports, three for each, and tract
 *     server n has the ten after base + 10 × n
 * @param metadataServers number of metadata servers, 1 or 3
 * @param tractServers number of tract servers
 * @param storesPerServer number of stores of each tract server
 * @param columns columns of the tract table, and the replication of files that ask for none
 * @param overrides settings of the user's own, over what is derived
 * @param formatted names of the servers whose data was formatted: it is never formatted again
 */
public record ClusterPlan(
        ClusterId cluster,
        String host,
        int portBase,
        int metadataServers,
        int tractServers,
        int storesPerServer,
        int columns,
        Map<String, String> overrides,
        Set<String> formatted) {
    /** Most tract servers of a local cluster. */
    public static final int MAX_TRACT_SERVERS = 999;

    /** Digits of the cluster's id in its logical name. */
    private static final int LOGICAL_DIGITS = 8;

    /** Most metadata servers of a local cluster. */
    public static final int MAX_METADATA_SERVERS = 3;

    private static final int PORTS_PER_SERVER = 10;
    private static final int PORTS_PER_METADATA_SERVER = 3;
    private static final int MAX_PORT = 65_535;
    private static final int RAFT = 1;
    private static final int WEB = 2;
    private static final String OVERRIDE = "override.";

    /** Copies the collections. */
    public ClusterPlan {
        overrides = Map.copyOf(overrides);
        formatted = Set.copyOf(formatted);
    }

    /** All servers, the metadata servers first. */
    public List<ServerName> servers() {
        List<ServerName> names = new ArrayList<>(metadata());
        for (int number = 1; number <= tractServers; number++) {
            names.add(ServerName.tract(number));
        }
        return names;
    }

    /** The metadata servers. */
    public List<ServerName> metadata() {
        return IntStream.rangeClosed(1, metadataServers)
                .mapToObj(ServerName::metadata)
                .toList();
    }

    /** Where the metadata servers answer calls. */
    public List<HostPort> metadataAddresses() {
        return metadata().stream().map(this::address).toList();
    }

    /** The same as a list in a setting or a URI. */
    public String metadataList() {
        return metadataAddresses().stream().map(HostPort::toString).collect(Collectors.joining(","));
    }

    /** Where a server answers calls. */
    public HostPort address(ServerName name) {
        return port(name, 0);
    }

    /** Where a metadata server talks to its peers. */
    public HostPort raftAddress(ServerName name) {
        return port(name, RAFT);
    }

    /** Where a server has its web pages. */
    public HostPort webAddress(ServerName name) {
        return port(name, WEB);
    }

    /** The file system. */
    public String uri() {
        return "tract://" + metadataList();
    }

    /**
     * The file system as configuration names it: several metadata servers by a logical name, since MapReduce takes the commas
     * of a list for those between file systems.
     */
    public String defaultUri() {
        return logicalName().map(name -> "tract://" + name).orElseGet(this::uri);
    }

    /** The name that stands for the metadata servers if there are several; no other cluster has it. */
    public Optional<String> logicalName() {
        return metadataServers == 1
                ? Optional.empty()
                : Optional.of("cluster-" + cluster.toString().substring(0, LOGICAL_DIGITS));
    }

    /** Whether the highest port is one. */
    public boolean fits() {
        return portBase + PORTS_PER_SERVER * (tractServers + 1) <= MAX_PORT;
    }

    /** The same cluster, one more server being formatted. */
    public ClusterPlan withFormatted(ServerName name) {
        Set<String> more = new HashSet<>(formatted);
        more.add(name.toString());
        return new ClusterPlan(
                cluster, host, portBase, metadataServers, tractServers, storesPerServer, columns, overrides, more);
    }

    /** The same cluster at other ports. */
    public ClusterPlan withPortBase(int base) {
        return new ClusterPlan(
                cluster, host, base, metadataServers, tractServers, storesPerServer, columns, overrides, formatted);
    }

    /** The same cluster with another number of tract servers. */
    public ClusterPlan withTractServers(int count) {
        return new ClusterPlan(
                cluster, host, portBase, metadataServers, count, storesPerServer, columns, overrides, formatted);
    }

    /** The same cluster with more settings. */
    public ClusterPlan withOverrides(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(overrides);
        all.putAll(more);
        return new ClusterPlan(
                cluster, host, portBase, metadataServers, tractServers, storesPerServer, columns, all, formatted);
    }

    private HostPort port(ServerName name, int offset) {
        int first = name.kind() == ServerName.Kind.METADATA
                ? PORTS_PER_METADATA_SERVER * (name.number() - 1)
                : PORTS_PER_SERVER * name.number();
        return new HostPort(host, portBase + first + offset);
    }

    /** Writes the file, atomically for readers. */
    public void save(Path file) throws CommandFailure {
        Properties properties = new Properties();
        properties.setProperty("cluster.id", cluster.toString());
        properties.setProperty("host", host);
        properties.setProperty("port.base", Integer.toString(portBase));
        properties.setProperty("metadata.servers", Integer.toString(metadataServers));
        properties.setProperty("tract.servers", Integer.toString(tractServers));
        properties.setProperty("stores.per.server", Integer.toString(storesPerServer));
        properties.setProperty("columns", Integer.toString(columns));
        properties.setProperty("formatted", String.join(",", new TreeSet<>(formatted)));
        overrides.forEach((key, value) -> properties.setProperty(OVERRIDE + key, value));
        try {
            StringWriter text = new StringWriter();
            properties.store(text, "Written by tractfs cluster; says what the cluster consists of.");
            Path temporary = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
            Files.writeString(temporary, text.toString(), StandardCharsets.UTF_8);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailure("Cannot write " + file + ": " + e, e);
        }
    }

    /** Reads the file. */
    public static ClusterPlan load(Path file) throws CommandFailure {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
            Map<String, String> overrides = new TreeMap<>();
            for (String key : properties.stringPropertyNames()) {
                if (key.startsWith(OVERRIDE)) {
                    overrides.put(key.substring(OVERRIDE.length()), properties.getProperty(key));
                }
            }
            return new ClusterPlan(
                    ClusterId.parse(text(properties, "cluster.id")),
                    text(properties, "host"),
                    number(properties, "port.base"),
                    properties.containsKey("metadata.servers") ? number(properties, "metadata.servers") : 1,
                    number(properties, "tract.servers"),
                    number(properties, "stores.per.server"),
                    number(properties, "columns"),
                    overrides,
                    names(text(properties, "formatted")));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> names(String list) {
        Set<String> names = new TreeSet<>();
        for (String name : list.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.trim());
            }
        }
        return names;
    }

    private static String text(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static int number(Properties properties, String key) {
        try {
            return Integer.parseInt(text(properties, key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a number", e);
        }
    }
}
