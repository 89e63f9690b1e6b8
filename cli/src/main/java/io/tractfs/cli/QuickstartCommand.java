package io.tractfs.cli;

import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.cluster.ClusterShape;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import io.tractfs.cli.quickstart.DirectoryTree;
import io.tractfs.cli.quickstart.Tour;
import io.tractfs.config.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quickstart}: a cluster, and real jobs on it. Confined to the command's thread. */
@Command(
        name = "quickstart",
        description = {
            "Starts a cluster in an empty directory, runs TeraGen, TeraSort and TeraValidate by MapReduce, then a Spark",
            "SQL job that writes and reads Parquet, lists what was made, and stops. In the middle of the TeraSort it kills",
            "a tract server, and tells how the cluster got over it. The last line is QUICKSTART OK."
        },
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    private static final long SERVE_LIMIT_MS = 180_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--tract-servers", paramLabel = "N", description = "Tract servers; ${DEFAULT-VALUE} by default.")
    private int tractServers = 5;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Bytes to sort, such as 256m or 1g; ${DEFAULT-VALUE} by default.")
    private String size = "256m";

    @Option(names = "--dir", paramLabel = "DIR", description = "An empty or absent directory; by default a new one.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--keep", description = "Leave the cluster running, and its data in place.")
    private boolean keep;

    @Option(names = "--skip-spark", description = "Leave the Spark job out.")
    private boolean skipSpark;

    @Override
    public Integer call() throws CommandFailure {
        long bytes = bytes();
        Launcher launcher = Launcher.ofThisProcess();
        if (!skipSpark && !launcher.hasSpark()) {
            throw new CommandFailure("Spark is not in this distribution. Set SPARK_HOME to a Spark 4 installation,"
                    + " or leave the Spark job out by --skip-spark. (A checkout fetches Spark itself.)");
        }
        ClusterDirectory place = place();
        Progress progress = Progress.standard();
        Cluster cluster = Cluster.create(place, shape().fresh(), launcher);
        Tour tour = new Tour(cluster, launcher, progress);
        Thread onSignal = new Thread(() -> abandon(cluster, tour, progress), "quickstart-shutdown-0");
        Runtime.getRuntime().addShutdownHook(onSignal);
        boolean good = false;
        try {
            progress.line("cluster of " + tractServers + " tract servers in " + place.root());
            ClusterStartCommand.bringUp(cluster, progress, SERVE_LIMIT_MS);
            progress.line("the cluster serves at " + cluster.plan().uri());
            tour.run(bytes, !skipSpark);
            if (keep) {
                tour.revive();
            }
            good = true;
        } finally {
            finish(cluster, progress, good);
            Runtime.getRuntime().removeShutdownHook(onSignal);
        }
        System.out.println("QUICKSTART OK");
        return 0;
    }

    /** The user, or whoever runs this, has had enough: nothing goes on in the background. */
    private static void abandon(Cluster cluster, Tour tour, Progress progress) {
        try {
            tour.abort();
            for (Daemon daemon : cluster.daemons()) {
                daemon.signal(ProcessTable.Signal.KILL);
            }
            progress.line("given up; logs stay in " + cluster.directory().logs());
        } catch (CommandFailure e) {
            progress.line("not all servers could be killed: " + e);
        }
    }

    private void finish(Cluster cluster, Progress progress, boolean good) throws CommandFailure {
        if (keep) {
            progress.line("the cluster goes on at " + cluster.plan().uri() + "; 'tractfs cluster stop --dir "
                    + cluster.directory().root() + "' ends it");
            return;
        }
        cluster.stop(progress);
        if (good && directory.isEmpty()) {
            DirectoryTree.delete(cluster.directory().root());
            progress.line("stopped; its directory is removed");
        } else {
            progress.line(
                    "stopped; data and logs stay in " + cluster.directory().root());
        }
    }

    private long bytes() {
        try {
            long bytes = Key.parseSize(size);
            if (bytes >= Tour.ROW_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ParameterException(spec.commandLine(), "--size " + size + ": " + e.getMessage(), e);
        }
        throw new ParameterException(spec.commandLine(), "--size " + size + ": at least 100 bytes are needed");
    }

    private ClusterDirectory place() throws CommandFailure {
        if (directory.isPresent()) {
            return ClusterDirectory.of(directory.get());
        }
        try {
            return ClusterDirectory.of(Files.createTempDirectory("tractfs-quickstart-"));
        } catch (IOException e) {
            throw new CommandFailure("Cannot make a directory for the cluster: " + e, e);
        }
    }

    private ClusterShape shape() {
        return new ClusterShape(
                Optional.empty(),
                Optional.of(tractServers),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }
}
