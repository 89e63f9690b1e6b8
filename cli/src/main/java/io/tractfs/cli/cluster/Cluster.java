package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import io.tractfs.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A local cluster: its plan, its directory and its processes. Confined to the command's thread. */
public final class Cluster {
    private static final long LISTEN_LIMIT_MS = 60_000;
    private static final long STOP_LIMIT_MS = 30_000;
    private static final long KILL_LIMIT_MS = 10_000;

    private final ClusterDirectory directory;
    private final Launcher launcher;
    private final ProcessTable processes;
    private ClusterPlan plan;

    private Cluster(ClusterDirectory directory, ClusterPlan plan, Launcher launcher, ProcessTable processes) {
        this.directory = directory;
        this.plan = plan;
        this.launcher = launcher;
        this.processes = processes;
    }

    /** The cluster of a directory that was made before. */
    public static Cluster open(ClusterDirectory directory, Launcher launcher) throws CommandFailure {
        if (!directory.isCluster()) {
            throw new CommandFailure("There is no cluster in " + directory.root() + ": no " + directory.plan()
                    + ". 'tractfs cluster start' makes one.");
        }
        return new Cluster(directory, ClusterPlan.load(directory.plan()), launcher, ProcessTable.ofThisMachine());
    }

    /** Makes a cluster in an empty directory; starts nothing. */
    public static Cluster create(ClusterDirectory directory, ClusterPlan plan, Launcher launcher)
            throws CommandFailure {
        if (!directory.isEmpty()) {
            throw new CommandFailure(directory.root() + " is not empty, and there is no cluster in it.");
        }
        directory.create();
        plan.save(directory.plan());
        return new Cluster(directory, plan, launcher, ProcessTable.ofThisMachine());
    }

    /** What it consists of. */
    public ClusterPlan plan() {
        return plan;
    }

    /** Where it is. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** Its processes, the metadata server first. */
    public List<Daemon> daemons() {
        return plan.servers().stream().map(this::daemon).toList();
    }

    /** The process of a name that the cluster has. */
    public Daemon daemon(String text) throws CommandFailure {
        ServerName name = ServerName.parse(text);
        if (!plan.servers().contains(name)) {
            throw new CommandFailure("There is no " + name + " in this cluster; it has " + plan.servers() + ".");
        }
        return daemon(name);
    }

    /** The process of a name. */
    Daemon daemon(ServerName name) {
        return new Daemon(name, directory, processes, launcher);
    }

    /** Replaces the plan and remembers it. */
    public void replan(ClusterPlan next) throws CommandFailure {
        next.save(directory.plan());
        plan = next;
    }

    /**
     * Starts these servers, each of which must be dead, and returns when each listens, or has ended.
     *
     * @return what the servers say that ended at once though they had been formatted before: the others can serve
     *     without them
     * @throws CommandFailure if any other server does not come up
     */
    public List<String> start(List<Daemon> daemons, Progress progress) throws CommandFailure {
        requireFreePorts(daemons);
        writeSettings();
        for (Daemon daemon : daemons) {
            daemon.start(formatArguments(daemon.name()));
        }
        return awaitListening(daemons, progress);
    }

    private List<String> awaitListening(List<Daemon> daemons, Progress progress) throws CommandFailure {
        List<String> casualties = new ArrayList<>();
        for (Daemon daemon : daemons) {
            progress.now("waiting for " + daemon.name());
            try {
                awaitListening(daemon);
                rememberFormatted(daemon.name());
            } catch (CommandFailure e) {
                if (!isDispensable(daemon)) {
                    throw e;
                }
                casualties.add(e.getMessage());
            }
        }
        return casualties;
    }

    /** Starts dead servers with the same further arguments, and returns when all listen. */
    public void startAll(List<Daemon> daemons, List<String> arguments, Progress progress) throws CommandFailure {
        requireFreePorts(daemons);
        writeSettings();
        for (Daemon daemon : daemons) {
            daemon.start(arguments);
        }
        for (Daemon daemon : daemons) {
            progress.now("waiting for " + daemon.name());
            awaitListening(daemon);
            rememberFormatted(daemon.name());
        }
    }

    /** Where tract servers keep copies of the namespace, whether there is one or not. */
    public List<Path> namespaceCopies() {
        return daemons().stream()
                .filter(daemon -> daemon.name().kind() == ServerName.Kind.TRACT)
                .flatMap(daemon -> IntStream.rangeClosed(1, plan.storesPerServer())
                        .mapToObj(store -> directory.data(daemon.name()).resolve("store-" + store)))
                .map(store -> store.resolve("namespace.backup"))
                .filter(Files::isRegularFile)
                .toList();
    }

    private void rememberFormatted(ServerName name) throws CommandFailure {
        if (!plan.formatted().contains(name.toString())) {
            replan(plan.withFormatted(name));
        }
    }

    /** Starts one server and returns when it listens. */
    public void startOne(Daemon daemon, Progress progress) throws CommandFailure {
        requireNoCasualty(start(List.of(daemon), progress));
    }

    /**
     * Starts one tract server, which first makes stores of some of its directories.
     *
     * @param fresh empty or absent directories, absolute or relative to the server's data; none for an ordinary start
     */
    public void startOne(Daemon daemon, List<Path> fresh, Progress progress) throws CommandFailure {
        if (fresh.isEmpty()) {
            startOne(daemon, progress);
            return;
        }
        if (daemon.name().kind() != ServerName.Kind.TRACT) {
            throw new CommandFailure("Only directories of tract servers are formatted, not of " + daemon.name() + ".");
        }
        requireFreePorts(List.of(daemon));
        writeSettings();
        List<String> arguments =
                new ArrayList<>(List.of("--cluster-id", plan.cluster().toString()));
        for (Path store : fresh) {
            arguments.add("--format-directory");
            arguments.add(directory.data(daemon.name()).resolve(store).toString());
        }
        daemon.start(arguments);
        requireNoCasualty(awaitListening(List.of(daemon), progress));
    }

    private static void requireNoCasualty(List<String> casualties) throws CommandFailure {
        if (!casualties.isEmpty()) {
            throw new CommandFailure(casualties.get(0));
        }
    }

    /** Whether a cluster with data can do without a server. */
    private boolean isDispensable(Daemon daemon) {
        return (daemon.name().kind() == ServerName.Kind.TRACT || plan.metadataServers() > 1)
                && plan.formatted().contains(daemon.name().toString());
    }

    private void requireFreePorts(List<Daemon> daemons) throws CommandFailure {
        var taken = Ports.taken(plan, daemons.stream().map(Daemon::name).toList());
        if (!taken.isEmpty()) {
            throw new CommandFailure("Something else listens on " + taken + "; choose other ports by --port-base.");
        }
    }

    /** Writes the files that are derived from the plan. */
    public void writeSettings() throws CommandFailure {
        try {
            for (ServerName name : plan.servers()) {
                ConfigFile.write(directory.conf(name), ServerSettings.of(plan, directory, name));
            }
            ConfigFile.write(directory.coreSite(), ServerSettings.coreSite(plan));
        } catch (IOException e) {
            throw new CommandFailure("Cannot write settings below " + directory.conf() + ": " + e, e);
        }
    }

    /**
     * Data is formatted once, before a server's first start; a directory that is empty later is not "new" but "not
     * mounted", and its server says so. One of several metadata servers gets its data from the others.
     */
    private List<String> formatArguments(ServerName name) {
        boolean absent = !Files.exists(directory.data(name));
        boolean fresh = !plan.formatted().contains(name.toString()) && absent;
        if (!fresh && absent && name.kind() == ServerName.Kind.METADATA && plan.metadataServers() > 1) {
            return List.of("--join", "--cluster-id", plan.cluster().toString());
        }
        return fresh ? List.of("--format", "--cluster-id", plan.cluster().toString()) : List.of();
    }

    private void awaitListening(Daemon daemon) throws CommandFailure {
        long deadline = System.nanoTime() + LISTEN_LIMIT_MS * 1_000_000;
        while (!Ports.answers(plan.address(daemon.name()))) {
            if (daemon.state() == ProcessTable.State.DEAD) {
                throw new CommandFailure(daemon.name() + " ended.\n" + daemon.lastWords());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailure(daemon.name() + " does not listen on " + plan.address(daemon.name())
                        + " after " + LISTEN_LIMIT_MS / 1000 + " s.\n" + daemon.lastWords());
            }
            Daemon.pause();
        }
    }

    /**
     * Stops every process in order: first the metadata server, which would otherwise plan round each tract server that
     * goes, then all tract servers at once. One that does not end in time is killed.
     */
    public void stop(Progress progress) throws CommandFailure {
        List<Daemon> metadata = new ArrayList<>();
        List<Daemon> tract = new ArrayList<>();
        for (Daemon daemon : daemons()) {
            (daemon.name().kind() == ServerName.Kind.METADATA ? metadata : tract).add(daemon);
        }
        end(metadata, progress);
        end(tract, progress);
    }

    /** Ends these processes in order, and by force those that do not end in time. */
    public void end(List<Daemon> daemons, Progress progress) throws CommandFailure {
        for (Daemon daemon : daemons) {
            daemon.terminate();
        }
        for (Daemon daemon : daemons) {
            progress.now("waiting for the end of " + daemon.name());
            if (!daemon.awaitDeath(STOP_LIMIT_MS)) {
                progress.line(daemon.name() + " has not ended after " + STOP_LIMIT_MS / 1000 + " s and is killed");
                kill(daemon);
            }
        }
        progress.clear();
    }

    /** Kills a process. */
    public void kill(Daemon daemon) throws CommandFailure {
        daemon.signal(ProcessTable.Signal.KILL);
        if (!daemon.awaitDeath(KILL_LIMIT_MS)) {
            throw new CommandFailure(daemon.name() + " does not die.");
        }
    }

    /** The directory that Hadoop takes as its configuration. */
    public Path hadoopConf() {
        return directory.conf();
    }
}
