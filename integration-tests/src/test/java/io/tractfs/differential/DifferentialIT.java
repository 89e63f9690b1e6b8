package io.tractfs.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The same random operations on TractFS and HDFS do the same. {@code -Ddifferential.seeds=5000} runs more of them,
 * {@code -Ddifferential.first} says where to begin, {@code -Ddifferential.reports} how many differences are enough.
 */
class DifferentialIT {
    /** Runs wait more than they compute. */
    private static final int RUNS_AT_A_TIME = 8;

    /** These wait for a soft limit, beside the others. */
    private static final int RUNS_WITH_A_SLEEPER_AT_A_TIME = 8;

    private static final int MOST_REPORTS = Integer.getInteger("differential.reports", 5);

    @Test
    void randomOperationsHaveTheSameOutcomesAsOnHdfs() throws Exception {
        long first = Long.getLong("differential.first", 1);
        long seeds = Long.getLong("differential.seeds", 300);
        Path directory = Path.of(
                System.getProperty("tractfs.work"),
                "hdfs-" + ProcessHandle.current().pid());
        try (Subject tractFs = TractSubject.start();
                Subject hdfs = new HdfsSubject(directory.toFile())) {
            assertThat(differences(tractFs, hdfs, first, seeds)).isEmpty();
        }
    }

    private static List<String> differences(Subject tractFs, Subject hdfs, long first, long seeds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RUNS_AT_A_TIME);
        ExecutorService sleepy = Executors.newFixedThreadPool(RUNS_WITH_A_SLEEPER_AT_A_TIME);
        AtomicInteger reports = new AtomicInteger();
        try {
            List<Future<Optional<String>>> runs = LongStream.range(first, first + seeds)
                    .mapToObj(seed -> (OperationGenerator.isSleepy(seed) ? sleepy : threads)
                            .submit(() -> run(new SeedRun(tractFs, hdfs, seed), reports)))
                    .toList();
            List<String> differences = new ArrayList<>();
            for (Future<Optional<String>> run : runs) {
                run.get().ifPresent(differences::add);
            }
            return differences;
        } finally {
            threads.shutdownNow();
            sleepy.shutdownNow();
        }
    }

    /** Runs no more once there is enough to look at. */
    private static Optional<String> run(SeedRun run, AtomicInteger reports) throws IOException {
        if (reports.get() >= MOST_REPORTS) {
            return Optional.empty();
        }
        Optional<String> difference = run.difference();
        difference.ifPresent(report -> reports.incrementAndGet());
        return difference;
    }
}
