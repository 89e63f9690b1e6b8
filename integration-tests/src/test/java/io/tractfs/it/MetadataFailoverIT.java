package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Three metadata servers: any one may die, hang or lose its disk, while clients work. */
class MetadataFailoverIT {
    private static final int BYTES = 300_000;

    /** Creates, renames, deletes and reads what it wrote, all the time; each step that is wrong or refused fails it. */
    private static final class Load implements AutoCloseable {
        private final ProcessCluster cluster;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "load");
        private volatile @Nullable Throwable failure;
        private volatile long longestMs;
        private volatile int rounds;

        Load(ProcessCluster cluster) {
            this.cluster = cluster;
            thread.start();
        }

        private void run() {
            try (FileSystem files = cluster.newFileSystem()) {
                for (int round = 0; !ended.get(); round++) {
                    long begun = System.nanoTime();
                    step(files, round);
                    longestMs = Math.max(longestMs, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                    rounds = round + 1;
                }
                assertThat(files.listStatus(new Path("/tmp/load"))).hasSize(2 * rounds - (rounds + 1) / 2);
            } catch (IOException | RuntimeException | AssertionError e) {
                failure = e;
            }
        }

        /** Calls that are not idempotent: a repeated one that acted twice would be refused, or find something else. */
        private static void step(FileSystem files, int round) throws IOException {
            Path written = new Path("/tmp/load/w" + round);
            Path renamed = new Path("/tmp/load/r" + round);
            RandomFile content = new RandomFile(round, BYTES);
            try (OutputStream out = files.create(written, false)) {
                content.writeTo(out);
            }
            assertThat(files.rename(written, renamed)).isTrue();
            assertThat(files.exists(written)).isFalse();
            try (InputStream in = files.open(renamed)) {
                content.assertEqualTo(in);
            }
            assertThat(files.mkdirs(new Path("/tmp/load/d" + round))).isTrue();
            if (round % 2 == 0) {
                assertThat(files.delete(renamed, false)).isTrue();
            }
        }

        void awaitMore(int more) throws IOException {
            int wanted = rounds + more;
            Await.until("the load goes on", () -> rounds >= wanted || failure != null);
            assertThat(failure).isNull();
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.out.println("rounds=" + rounds + " longest-ms=" + longestMs);
            assertThat(failure).isNull();
        }
    }

    @Test
    void clientsGoOnWhileLeadersDieHangAndLoseTheirDisks() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(3, "--metadata-servers", "3")) {
            try (Load load = new Load(cluster)) {
                load.awaitMore(3);
                String first = leader(cluster);
                cluster.kill(first);
                load.awaitMore(3);
                cluster.restart(first);

                deleteData(cluster, first);
                load.awaitMore(3);
                Await.until("all metadata servers are there", () -> behind(cluster) == 0);

                String second = leader(cluster);
                cluster.kill(second);
                load.awaitMore(3);
                cluster.restart(second);

                String frozen = leader(cluster);
                cluster.freeze(frozen);
                load.awaitMore(3);
                cluster.resume(frozen);
                load.awaitMore(3);
                assertThat(leader(cluster)).isNotEqualTo(frozen);
            }
            cluster.killAll();
            cluster.startAgain();
            try (FileSystem files = cluster.newFileSystem()) {
                assertThat(files.exists(new Path("/tmp/load/r1"))).isTrue();
                try (InputStream in = files.open(new Path("/tmp/load/r1"))) {
                    new RandomFile(1, BYTES).assertEqualTo(in);
                }
            }
        }
    }

    /** A server whose disk was lost gets its data from the others. */
    private static void deleteData(ProcessCluster cluster, String name) throws IOException {
        cluster.kill(name);
        try (Stream<java.nio.file.Path> all = Files.walk(cluster.directory().resolve("data/" + name))) {
            for (java.nio.file.Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        cluster.restart(name);
    }

    private static String leader(ProcessCluster cluster) throws IOException {
        Await.until("a metadata server leads", () -> leaders(cluster).size() == 1);
        return leaders(cluster).get(0);
    }

    private static List<String> leaders(ProcessCluster cluster) {
        return cluster.status()
                .lines()
                .filter(line -> line.endsWith(" leader"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    /** Followers that have not answered the leader lately, or not got all of the log. */
    private static long behind(ProcessCluster cluster) {
        return cluster.admin("report")
                .lines()
                .filter(line -> line.contains("entries behind"))
                .filter(line -> !line.matches(".*, [0-9]{1,2} entries behind, heard [0-9]{1,3} ms ago"))
                .count();
    }
}
