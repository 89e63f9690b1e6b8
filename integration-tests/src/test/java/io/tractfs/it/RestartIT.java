package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** What was closed is there after every process was killed at once, or some of them. */
class RestartIT {
    private static final int ROUNDS = 2;
    private static final int FILES = 20;

    @Test
    void everyClosedByteIsThereAfterAllProcessesWereKilled() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(3)) {
            for (int round = 0; round < ROUNDS; round++) {
                try (FileSystem files = cluster.newFileSystem()) {
                    for (int i = 0; i < FILES; i++) {
                        write(files, content(round, i), path(round, i));
                    }
                }
                cluster.killAll();
                cluster.startAgain();
                try (FileSystem files = cluster.newFileSystem()) {
                    for (int earlier = 0; earlier <= round; earlier++) {
                        for (int i = 0; i < FILES; i++) {
                            read(files, content(earlier, i), path(earlier, i));
                        }
                    }
                }
            }
            cluster.awaitInSync();
        }
    }

    @Test
    void readsAndWritesGoOnWhileServersDieOneAfterAnother() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(5);
                FileSystem files = cluster.newFileSystem()) {
            for (int victim = 1; victim <= 3; victim++) {
                RandomFile before = new RandomFile(victim, 30_000_000);
                write(files, before, new Path("/tmp/before-" + victim));
                cluster.kill("tract-" + victim);
                RandomFile after = new RandomFile(10 + victim, 20_000_000);
                write(files, after, new Path("/tmp/after-" + victim));
                cluster.awaitInSync();
                for (int i = 1; i <= victim; i++) {
                    read(files, new RandomFile(i, 30_000_000), new Path("/tmp/before-" + i));
                    read(files, new RandomFile(10 + i, 20_000_000), new Path("/tmp/after-" + i));
                }
            }
            assertThat(cluster.status()).contains("dead");
        }
    }

    /** Nothing, a few bytes, and up to two tracts. */
    private static RandomFile content(int round, int i) {
        return new RandomFile(100L * round + i, 25_003L * i * i);
    }

    private static Path path(int round, int i) {
        return new Path("/tmp/restart/" + round + "/" + i);
    }

    private static void write(FileSystem files, RandomFile file, Path path) throws IOException {
        try (OutputStream out = files.create(path)) {
            file.writeTo(out);
        }
    }

    private static void read(FileSystem files, RandomFile file, Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            file.assertEqualTo(in);
        }
    }
}
