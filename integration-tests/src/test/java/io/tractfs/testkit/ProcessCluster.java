package io.tractfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** A cluster of real processes in a directory of its own. Not thread-safe. */
public final class ProcessCluster implements AutoCloseable {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final AtomicInteger NEXT_PORTS = new AtomicInteger();

    /** Port ranges are apart by this much, so that several clusters fit on one machine. */
    private static final int PORTS_PER_CLUSTER = 400;

    /** Another one for two runs at the same time: {@code -Dtractfs.first.port=14000}. */
    private static final int FIRST_PORT = Integer.getInteger("tractfs.first.port", 17_000);

    private static final int PORTS_PER_SERVER = 10;
    private static final int SERVERS_PROBED = 8;

    /** So few that processes which share two cores move and rebuild them in a moment; a test may ask for others. */
    private static final String FEW_ROWS = "tract.metadata.rows=512";

    private final Path directory;
    private final Map<String, String> environment;

    private ProcessCluster(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** Starts a fresh cluster with some tract servers and, for the rest, further options of {@code cluster start}. */
    public static ProcessCluster start(int tractServers, String... options) {
        return startWith(Map.of(), tractServers, options);
    }

    /** The same with further environment variables, whenever it starts processes. */
    public static ProcessCluster startWith(Map<String, String> environment, int tractServers, String... options) {
        return startOn(freePorts(), environment, tractServers, options);
    }

    /**
     * The same on given ports, {@link #freePorts()}, for options that name them: the metadata server listens on the first
     * one, tract server N ten times N above it.
     */
    public static ProcessCluster startOn(
            int firstPort, Map<String, String> environment, int tractServers, String... options) {
        Path directory = Path.of(
                System.getProperty("tractfs.work"),
                "cluster-" + ProcessHandle.current().pid() + "-" + NEXT.getAndIncrement());
        ProcessCluster cluster = new ProcessCluster(directory, environment);
        List<String> all = new ArrayList<>(List.of(
                "--tract-servers",
                Integer.toString(tractServers),
                "--port-base",
                Integer.toString(firstPort),
                "-D",
                FEW_ROWS));
        all.addAll(List.of(options));
        ServerOptions.newCluster();
        cluster.cluster("start", all.toArray(String[]::new));
        return cluster;
    }

    /** First of a range of ports that no other cluster uses, not even one whose servers are dead in part. */
    public static int freePorts() {
        while (true) {
            int first = FIRST_PORT + PORTS_PER_CLUSTER * NEXT_PORTS.getAndIncrement();
            if (IntStream.range(0, SERVERS_PROBED).allMatch(server -> isFree(first + server * PORTS_PER_SERVER))) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts all processes again on what the directory holds, with no options. */
    public void startAgain() {
        cluster("start");
    }

    /** Stops all processes in order. */
    public void stop() {
        cluster("stop");
    }

    /** SIGKILL to one process. */
    public void kill(String name) {
        cluster("kill", name);
    }

    /** SIGKILL to every process, one right after the other. */
    public void killAll() {
        for (String name : names()) {
            ProcessHandle.of(pid(name)).ifPresent(ProcessHandle::destroyForcibly);
        }
        for (String name : names()) {
            ProcessHandle.of(pid(name)).ifPresent(process -> process.onExit().join());
        }
    }

    /** Process ids. */
    public List<Long> pids(List<String> names) {
        return names.stream().map(this::pid).toList();
    }

    /**
     * Sends a signal to processes, also others than the cluster's, by one command: within a fraction of a millisecond. One
     * that has ended by itself gets none.
     */
    public void signal(String signal, List<Long> pids) {
        List<String> words = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> words.add(Long.toString(pid)));
        Command.Outcome unused = new Command(words, Map.of(), 60).run();
    }

    /** Waits for processes that were killed. */
    public void awaitEnd(List<Long> pids) {
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        }
    }

    /** SIGSTOP. */
    public void freeze(String name) {
        cluster("freeze", name);
    }

    /** SIGCONT. */
    public void resume(String name) {
        cluster("resume", name);
    }

    /** Stops one process, if it runs, and starts it, with further options of {@code cluster restart}. */
    public void restart(String name, String... options) {
        restarted(name, options).orFail();
    }

    /** The same where the process may refuse to start. */
    public Command.Outcome restarted(String name, String... options) {
        List<String> all = new ArrayList<>(List.of("cluster", "restart", name));
        all.addAll(List.of(options));
        all.addAll(List.of("--dir", directory.toString()));
        return Command.tractfs(all.toArray(String[]::new)).with(environment()).run();
    }

    /** One line per process. */
    public String status() {
        return Command.tractfs("cluster", "status", "--dir", directory.toString())
                .run()
                .output();
    }

    /** Names of the metadata servers that lead, by what they say themselves: of one that hangs or is dead there is no word. */
    public List<String> leaders() {
        return leading().map(Server::name).toList();
    }

    /** Waits until a metadata server leads; gives its name. */
    public String awaitLeader() throws IOException {
        Await.until("a metadata server leads", () -> leaders().size() == 1);
        return leaders().get(0);
    }

    /** Waits until the rows are on so many stores, enough for every column, and all of them are in sync. */
    public void awaitInSyncOn(int stores) throws IOException {
        Await.until(
                "all rows are in sync on " + stores + " stores",
                () -> areRowsOn(stores)
                        && leading()
                                .allMatch(server ->
                                        server.gauges().sum("tractfs_metadata_rows_in_sync") == server.rows()));
    }

    /** Whether all rows are known, and so many stores have any. */
    public boolean areRowsOn(int stores) {
        List<Server> leading = leading().toList();
        return leading.size() == 1
                && leading.get(0).gauges().sum("tractfs_metadata_rows")
                        == leading.get(0).rows()
                && leading.get(0).gauges().sum("tractfs_metadata_rows_stores") == stores;
    }

    /** A metadata server with what it says of itself, and how many rows the cluster has. */
    private record Server(String name, int rows, Gauges gauges) {}

    private Stream<Server> leading() {
        return names().stream()
                .filter(name -> name.startsWith("metadata-"))
                .flatMap(name -> server(name).stream())
                .filter(server -> server.gauges().sum("tractfs_metadata_epoch") > 0);
    }

    private Optional<Server> server(String name) {
        try {
            String web = setting(name, "tract.metadata.web.bind");
            return Optional.of(new Server(
                    name,
                    Integer.parseInt(setting(name, "tract.metadata.rows")),
                    Gauges.at(Integer.parseInt(web.substring(web.indexOf(':') + 1)))));
        } catch (IOException e) {
            return Optional.empty(); // It is dead, or has yet to start.
        }
    }

    private String setting(String server, String key) throws IOException {
        Matcher value = Pattern.compile(Pattern.quote(key) + "</name>\\s*<value>([^<]*)<")
                .matcher(Files.readString(directory.resolve("conf").resolve(server + ".xml")));
        if (!value.find()) {
            throw new IllegalStateException("The settings of " + server + " do not have " + key);
        }
        return value.group(1);
    }

    /** Waits until every column that can be filled is in sync. */
    public void awaitInSync() {
        Command.tractfs("admin", "wait", "in-sync", "--timeout", "120", "--dir", directory.toString())
                .run()
                .orFail();
    }

    /** {@code bin/tractfs admin} with arguments. */
    public String admin(String... arguments) {
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", directory.toString()));
        return Command.tractfs(all.toArray(String[]::new)).run().orFail();
    }

    /** Live stores of a tract server that have columns of rows. */
    public long storesWithRows(String server) {
        return JsonText.object(admin("report", "--json")).objects("stores").stream()
                .filter(store -> store.text("server").equals(server))
                .filter(store -> store.text("state").equals("LIVE") && store.number("columns") > 0)
                .count();
    }

    /** {@code bin/tractfs fsck} with arguments; what it finds makes it fail. */
    public Command fsck(String... arguments) {
        List<String> all = new ArrayList<>(List.of("fsck"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", directory.toString()));
        return Command.tractfs(all.toArray(String[]::new));
    }

    /** {@code bin/tractfs fs} with arguments. */
    public Command fs(String... arguments) {
        List<String> all = new ArrayList<>(List.of("fs", "--dir", directory.toString()));
        all.addAll(List.of(arguments));
        return Command.tractfs(all.toArray(String[]::new));
    }

    /** Directory of the cluster. */
    public Path directory() {
        return directory;
    }

    /** A directory usable as {@code HADOOP_CONF_DIR}. */
    public Path configurationDirectory() {
        return directory.resolve("conf");
    }

    /** Hadoop's configuration with the cluster as the default file system. */
    public Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.addResource(new org.apache.hadoop.fs.Path(
                configurationDirectory().resolve("core-site.xml").toUri()));
        return configuration;
    }

    /** URI of the cluster. */
    public URI uri() {
        return FileSystem.getDefaultUri(configuration());
    }

    /** A file system object of its own. */
    public FileSystem newFileSystem() throws IOException {
        return FileSystem.newInstance(uri(), configuration());
    }

    /** Names of all processes. */
    public List<String> names() {
        try (var files = Files.list(directory.resolve("run"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pid"))
                    .map(name -> name.substring(0, name.length() - ".pid".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The operating system's number of a process. */
    public long pid(String name) {
        try {
            return Long.parseLong(Files.readString(directory.resolve("run").resolve(name + ".pid"))
                    .trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String cluster(String verb, String... arguments) {
        List<String> all = new ArrayList<>(List.of("cluster", verb));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", directory.toString()));
        return Command.tractfs(all.toArray(String[]::new))
                .with(environment())
                .run()
                .orFail();
    }

    /** The test's own variables go before those that only save time. */
    private Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(ServerOptions.environment());
        all.putAll(environment);
        return all;
    }

    /** Kills what still runs; the directory stays, for its logs. */
    @Override
    public void close() {
        List<Long> pids = pids(names());
        killAll();
        awaitEnd(pids);
    }
}
