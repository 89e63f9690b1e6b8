package io.tractfs.cli.quickstart;

import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jobs of the quickstart: generate, sort while a server dies, validate, Parquet, list. What TeraValidate finds in the sorted output must
 * have the checksum that TeraGen counted when it wrote the input. Confined to the command's thread, but for {@link #abort}.
 */
public final class Tour {
    /** Bytes of a row of TeraGen's. */
    public static final int ROW_BYTES = 100;

    private static final String ROOT = "/quickstart";
    private static final String EXAMPLES = "org.apache.hadoop.examples.terasort.";
    /** So often MapReduce looks how far it is. */
    private static final int PROGRESS_MS = 100;

    private static final int ORDERS = 1_000_000;
    private static final Pattern GENERATED = Pattern.compile("CHECKSUM=(\\d+)");
    private static final Pattern VALIDATED = Pattern.compile("(?m)^checksum\\s+([0-9a-f]+)$");

    private final Cluster cluster;
    private final JobRunner runner;
    private final Progress progress;

    /** A tour of a cluster that serves. */
    public Tour(Cluster cluster, Launcher launcher, Progress progress) {
        this.cluster = cluster;
        this.runner = new JobRunner(cluster.directory(), launcher, progress);
        this.progress = progress;
    }

    /** Starts the server that was killed, for who goes on to use the cluster. */
    public void revive() throws CommandFailure {
        if (ServerKill.isPossible(cluster)) {
            ServerKill.revive(cluster, progress);
        }
    }

    /** Runs everything; fails at the first job that does. */
    public void run(long bytes, boolean spark) throws CommandFailure {
        Path own = cluster.directory().temporary();
        if (own.toUri().getRawPath().replaceAll("/$", "").equals(own.toString())) {
            run(bytes, spark, own);
            return;
        }
        Path elsewhere = temporaryElsewhere();
        try {
            run(bytes, spark, elsewhere);
        } finally {
            DirectoryTree.delete(elsewhere);
        }
    }

    /** MapReduce's local runner mistakes the URI of a local directory for its path, so these must be the same. */
    private static Path temporaryElsewhere() throws CommandFailure {
        try {
            return Files.createTempDirectory("tractfs-jobs-");
        } catch (IOException e) {
            throw new CommandFailure("Cannot make a directory for the jobs' local files: " + e, e);
        }
    }

    private void run(long bytes, boolean spark, Path local) throws CommandFailure {
        String rows = Long.toString(bytes / ROW_BYTES);
        Job generate = mapReduce(local, "TeraGen", "TeraGen of " + rows + " rows", rows, ROOT + "/generated");
        runner.run(generate);
        Optional<String> outcome =
                sort(mapReduce(local, "TeraSort", "TeraSort", ROOT + "/generated", ROOT + "/sorted"));
        runner.run(mapReduce(local, "TeraValidate", "TeraValidate", ROOT + "/sorted", ROOT + "/validated"));
        Path validated = runner.run(fs("validated", "its verdict", "-cat", ROOT + "/validated/part-r-00000"));
        String checksum = compare(text(runner.log(generate)), text(validated));
        outcome.ifPresent(System.out::println);
        System.out.println(
                "TeraValidate passed: the rows are sorted, and those that were generated (checksum " + checksum + ")");
        if (spark) {
            runner.run(parquet(local));
        }
        Path listing = runner.run(fs("list", "hadoop fs -ls -R", "-ls", "-R", ROOT));
        System.out.print(text(listing));
        System.out.flush();
    }

    /** Sorts while a server is killed, if the cluster can do without one; tells what came of it. */
    private Optional<String> sort(Job job) throws CommandFailure {
        if (!ServerKill.isPossible(cluster)) {
            runner.run(job);
            return Optional.empty();
        }
        try (ServerKill kill = new ServerKill(cluster)) {
            kill.begin();
            runner.run(job, kill);
            return Optional.of(kill.outcome());
        }
    }

    /** Ends the job that runs, if one does; from any thread. */
    public void abort() {
        runner.abort();
    }

    /** TeraValidate reports disorder in its output alone, with status 0. Gives the checksum of the rows. */
    static String compare(String generatedLog, String validated) throws CommandFailure {
        Matcher generated = GENERATED.matcher(generatedLog);
        Matcher found = VALIDATED.matcher(validated.strip());
        if (!generated.find()) {
            throw new CommandFailure("TeraGen printed no checksum.");
        }
        if (validated.strip().lines().count() != 1 || !found.find()) {
            throw new CommandFailure("TeraValidate complains:\n" + validated);
        }
        if (!new BigInteger(generated.group(1)).equals(new BigInteger(found.group(1), 16))) {
            throw new CommandFailure("The sorted rows are not those that were generated: checksum " + found.group(1)
                    + ", expected " + new BigInteger(generated.group(1)).toString(16) + ".");
        }
        return found.group(1);
    }

    private Job mapReduce(Path local, String className, String title, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "hadoop",
                "--dir",
                cluster.directory().root().toString(),
                "-XX:+UseSerialGC",
                EXAMPLES + className,
                "-Dmapreduce.framework.name=local",
                "-Dmapreduce.client.progressmonitor.pollinterval=" + PROGRESS_MS,
                "-Dmapreduce.cluster.local.dir=" + local.resolve("mapred"),
                "-Dmapreduce.jobtracker.staging.root.dir=/tmp/staging",
                "-Dmapreduce.job.maps=2",
                "-Dmapreduce.job.reduces=2",
                "-Dmapreduce.local.map.tasks.maximum=2",
                "-Dmapreduce.local.reduce.tasks.maximum=2",
                // Each reducer takes its share of the one heap that all tasks have here.
                "-Dmapreduce.reduce.shuffle.input.buffer.percent=0.2",
                "-Dmapreduce.terasort.output.replication=3"));
        words.addAll(List.of(arguments));
        return new Job(className.toLowerCase(Locale.ROOT), title, words);
    }

    private Job fs(String name, String title, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("fs", "--dir", cluster.directory().root().toString()));
        words.addAll(List.of(arguments));
        return new Job(name, title, words);
    }

    private Job parquet(Path local) {
        return new Job(
                "parquet",
                "Spark SQL: write and read Parquet",
                List.of(
                        "spark",
                        "--dir",
                        cluster.directory().root().toString(),
                        "-XX:+UseSerialGC",
                        "-Dspark.master=local[2]",
                        "-Dspark.ui.enabled=false",
                        "-Dspark.driver.host=127.0.0.1",
                        "-Dspark.driver.bindAddress=127.0.0.1",
                        "-Dspark.sql.shuffle.partitions=4",
                        "-Dspark.local.dir=" + local.resolve("spark"),
                        "io.tractfs.quickstart.ParquetJob",
                        ROOT + "/orders",
                        Integer.toString(ORDERS)));
    }

    private static String text(Path file) throws CommandFailure {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e, e);
        }
    }
}
