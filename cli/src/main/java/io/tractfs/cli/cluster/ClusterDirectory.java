package io.tractfs.cli.cluster;

import io.tractfs.cli.console.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of a local cluster:
 *
 * <pre>
 * conf/cluster.properties   what the cluster consists of
 * conf/core-site.xml        for Hadoop and Spark: conf/ can be HADOOP_CONF_DIR
 * conf/NAME.xml             settings of one server, written anew at each start of the cluster
 * run/NAME.pid              process id of one server
 * logs/NAME.log, NAME.out   its log, and what it said besides
 * data/NAME/                its data
 * tmp/                      local files of jobs that quickstart runs
 * </pre>
 *
 * <p>Immutable.
 *
 * @param root absolute and normalised
 */
public record ClusterDirectory(Path root) {
    private static final List<String> PARTS = List.of("conf", "run", "logs", "data");

    /** A directory, wherever it is named from. */
    public static ClusterDirectory of(Path path) {
        return new ClusterDirectory(path.toAbsolutePath().normalize());
    }

    /** What the cluster consists of. */
    public Path plan() {
        return root.resolve("conf").resolve("cluster.properties");
    }

    /** Hadoop's configuration directory. */
    public Path conf() {
        return root.resolve("conf");
    }

    /** Hadoop's configuration. */
    public Path coreSite() {
        return conf().resolve("core-site.xml");
    }

    /** A server's settings. */
    public Path conf(ServerName name) {
        return conf().resolve(name + ".xml");
    }

    /** A server's process id. */
    public Path pid(ServerName name) {
        return root.resolve("run").resolve(name + ".pid");
    }

    /** Held while the cluster's plan changes. */
    public Path lock() {
        return root.resolve("run").resolve("lock");
    }

    /** A server's log. */
    public Path log(ServerName name) {
        return logs().resolve(name + ".log");
    }

    /** What a server writes to its standard output and error. */
    public Path output(ServerName name) {
        return logs().resolve(name + ".out");
    }

    /** All logs. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** A server's data. */
    public Path data(ServerName name) {
        return root.resolve("data").resolve(name.toString());
    }

    /** Local files of jobs. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** Whether a cluster was made here. */
    public boolean isCluster() {
        return Files.isRegularFile(plan());
    }

    /** Whether there is nothing here. */
    public boolean isEmpty() throws CommandFailure {
        if (!Files.exists(root)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.findAny().isEmpty();
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure("Cannot list " + root + ": " + e, e);
        }
    }

    /** Makes the directories; data is for the owner alone. */
    public void create() throws CommandFailure {
        try {
            for (String part : PARTS) {
                Files.createDirectories(root.resolve(part));
            }
            Files.setPosixFilePermissions(root.resolve("data"), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new CommandFailure("Cannot make the directories of the cluster below " + root + ": " + e, e);
        }
    }
}
