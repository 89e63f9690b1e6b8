package io.tractfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as users run them, one round after the other beside what a test does to the cluster: TeraGen, TeraSort and
 * TeraValidate by MapReduce on one thread; a table that Spark shuffles, writes as Parquet and reads again on another. A job that
 * fails or has wrong results fails the test. Not thread-safe.
 */
public final class JobLoop implements AutoCloseable {
    private static final Pattern GENERATED = Pattern.compile("CHECKSUM=(\\d+)");
    private static final Pattern VALIDATED = Pattern.compile("(?m)^checksum\\s+([0-9a-f]+)\\s*$");
    private static final String TERASORT = "org.apache.hadoop.examples.terasort.";
    private static final String PARQUET = "io.tractfs.quickstart.ParquetJob";

    private final ProcessCluster cluster;
    private final Path local;
    private final Size size;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Throwable failure;
    private final AtomicInteger sorted = new AtomicInteger();
    private final AtomicInteger tables = new AtomicInteger();

    /**
     * How much the jobs do. Immutable.
     *
     * @param rows of 100 bytes, sorted by each round
     * @param orders rows of each table, a multiple of four
     */
    public record Size(long rows, long orders) {}

    /** What a thread does again and again. */
    @FunctionalInterface
    private interface Round {
        void run() throws IOException;
    }

    /** Jobs on a cluster that serves, which begin at once. */
    public JobLoop(ProcessCluster cluster, Size size) throws IOException {
        this.cluster = cluster;
        this.size = size;
        this.local = Files.createTempDirectory("tractfs-jobs-");
        begin("sorting", this::sort);
        begin("tables", this::table);
    }

    private void begin(String name, Round round) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!ended.get()) {
                            round.run();
                        }
                    } catch (IOException | RuntimeException | AssertionError e) {
                        failure = e;
                    }
                },
                name);
        threads.add(thread);
        thread.start();
    }

    private void sort() throws IOException {
        String root = "/jobs/sort-" + (sorted.get() + 1);
        String generated = hadoop("TeraGen", Long.toString(size.rows()), root + "/in");
        hadoop("TeraSort", root + "/in", root + "/out");
        Matcher checksum = GENERATED.matcher(generated);
        assertThat(checksum.find()).as("a checksum in what TeraGen printed").isTrue();
        validate(root, "validated", new BigInteger(checksum.group(1)));
        sorted.incrementAndGet();
    }

    /** TeraValidate tells of disorder in its output alone. */
    private void validate(String root, String report, BigInteger expected) throws IOException {
        hadoop("TeraValidate", root + "/out", root + "/" + report);
        String found = cluster.fs("-cat", root + "/" + report + "/part-r-00000")
                .runApart()
                .output();
        Matcher checksum = VALIDATED.matcher(found);
        assertThat(found.strip().lines()).as(found).hasSize(1);
        assertThat(checksum.find()).as(found).isTrue();
        assertThat(new BigInteger(checksum.group(1), 16)).isEqualTo(expected);
    }

    private String hadoop(String job, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "hadoop",
                "--dir",
                cluster.directory().toString(),
                "-XX:+UseSerialGC",
                TERASORT + job,
                "-Dmapreduce.framework.name=local",
                "-Dmapreduce.cluster.local.dir=" + local.resolve("mapred"),
                "-Dmapreduce.jobtracker.staging.root.dir=/tmp/staging",
                "-Dmapreduce.job.maps=2",
                "-Dmapreduce.job.reduces=2",
                "-Dmapreduce.local.map.tasks.maximum=2",
                "-Dmapreduce.local.reduce.tasks.maximum=2",
                "-Dmapreduce.reduce.shuffle.input.buffer.percent=0.2",
                "-Dmapreduce.terasort.output.replication=3"));
        words.addAll(List.of(arguments));
        return Command.tractfs(words.toArray(String[]::new)).run().orFail();
    }

    /** The job exits with 1 if it reads other sums than it should. */
    private void table() {
        Command.tractfs(
                        "spark",
                        "--dir",
                        cluster.directory().toString(),
                        "-XX:+UseSerialGC",
                        "-Dspark.master=local[2]",
                        "-Dspark.ui.enabled=false",
                        "-Dspark.driver.host=127.0.0.1",
                        "-Dspark.driver.bindAddress=127.0.0.1",
                        "-Dspark.sql.shuffle.partitions=4",
                        "-Dspark.local.dir=" + local.resolve("spark"),
                        PARQUET,
                        "/jobs/table-" + (tables.get() + 1),
                        Long.toString(size.orders()))
                .run()
                .orFail();
        tables.incrementAndGet();
    }

    /** Fails if a job has. */
    public void requireWell() {
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("A job failed", failed);
        }
    }

    /** Lets the rounds end that have begun, at least one of each kind, and requires that none failed. */
    @Override
    public void close() throws IOException {
        ended.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.MINUTES.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).as(thread.getName() + " goes on").isFalse();
        }
        requireWell();
        System.out.println("sorted=" + sorted + " tables=" + tables);
    }
}
