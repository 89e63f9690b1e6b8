package io.tractfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Options of the servers' JVMs. Most servers of tests live for seconds, in which starting takes most of the processor's
 * time: from the third cluster of a process on they take their classes from archives that a small cluster has left (class
 * data sharing), which is a third less. Thread-safe.
 */
final class ServerOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ServerOptions.class);
    private static final String METADATA = "TRACTFS_METADATA_OPTS";
    private static final String TRACT = "TRACTFS_TRACT_OPTS";
    /** Clusters that are started without archives: making them costs as much as they save a few clusters. */
    private static final int WITHOUT_ARCHIVES = 2;

    private static final int BYTES = 100_000;

    private static final Object LOCK = new Object();
    private static int clusters;
    private static Map<String, String> environment = Map.of();

    private ServerOptions() {}

    /** What the environment of {@code bin/tractfs cluster} says of the servers. */
    static Map<String, String> environment() {
        synchronized (LOCK) {
            return environment;
        }
    }

    /** Another cluster is about to be started. */
    static void newCluster() {
        synchronized (LOCK) {
            clusters++;
            if (clusters == WITHOUT_ARCHIVES + 1) {
                environment = withArchives();
            }
        }
    }

    /** An option for each kind of server, after those that this process was given for them. */
    private static Map<String, String> with(String metadata, String tract) {
        return Map.of(METADATA, given(METADATA) + metadata, TRACT, given(TRACT) + tract);
    }

    private static String given(String variable) {
        return System.getenv().getOrDefault(variable, "-XX:+UseSerialGC") + " ";
    }

    private static Map<String, String> withArchives() {
        Path directory = Path.of(
                System.getProperty("tractfs.work"),
                "archives-" + ProcessHandle.current().pid());
        Path metadata = directory.resolve("metadata-server.jsa");
        Path tract = directory.resolve("tract-server.jsa");
        try {
            FileUtil.fullyDelete(directory.toFile()); // Left by another process that had the same number.
            Files.createDirectories(directory);
            leaveArchives(directory.resolve("cluster"), metadata, tract);
        } catch (IOException | UncheckedIOException | AssertionError e) {
            LOG.warn("event=no-class-archives", e);
            return environment;
        }
        return with("-XX:SharedArchiveFile=" + metadata, "-XX:SharedArchiveFile=" + tract);
    }

    /** Servers write them when they end. */
    private static void leaveArchives(Path cluster, Path metadata, Path tract) throws IOException {
        Map<String, String> making = with("-XX:ArchiveClassesAtExit=" + metadata, "-XX:ArchiveClassesAtExit=" + tract);
        String ports = Integer.toString(ProcessCluster.freePorts());
        try {
            cluster(cluster, making, "start", "--tract-servers", "1", "--replication", "1", "--port-base", ports);
            use(cluster);
        } finally {
            cluster(cluster, making, "stop");
        }
    }

    private static void use(Path cluster) throws IOException {
        Configuration configuration = new Configuration();
        configuration.addResource(new org.apache.hadoop.fs.Path(
                cluster.resolve("conf").resolve("core-site.xml").toUri()));
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("/tmp/file");
        RandomFile file = new RandomFile(1, BYTES);
        try (FileSystem files = FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration)) {
            try (FSDataOutputStream out = files.create(path)) {
                file.writeTo(out);
            }
            try (FSDataInputStream in = files.open(path)) {
                file.assertEqualTo(in);
            }
        }
    }

    private static void cluster(Path directory, Map<String, String> environment, String verb, String... options) {
        String[] words = new String[options.length + 4];
        words[0] = "cluster";
        words[1] = verb;
        words[2] = "--dir";
        words[3] = directory.toString();
        System.arraycopy(options, 0, words, 4, options.length);
        Command.tractfs(words).with(environment).run().orFail();
    }
}
