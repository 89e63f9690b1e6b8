package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** The copies on the stores follow setReplication (P33): locations, fsck and the files of the stores agree at the end. */
class ReplicationChangeIT {
    private static final RandomFile CONTENT = new RandomFile(33, 20_000_000);
    private static final long SMALL = 1_000_000;
    /** More than one: the only copy of a tract may be on the server that dies, and then the change waits for its return. */
    private static final int[] TWO_OR_FOUR = {2, 4};

    @Test
    void copiesFollowUpAndDown() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(5, "--replication", "5");
                FileSystem files = cluster.newFileSystem()) {
            Path path = new Path("/tmp/f");
            write(files, path, CONTENT, 2);
            for (int replication : new int[] {3, 5, 1, 4, 2}) {
                assertThat(files.setReplication(path, (short) replication)).isTrue();
                awaitCopies(files, path, replication);
                assertThat(new StoreFiles(cluster.directory()).tracts(SMALL)).hasSize(3 * replication);
                read(files, path, CONTENT);
            }
            assertThat(cluster.fs("-setrep", "-w", "3", "/tmp/f").run().orFail())
                    .contains("Replication 3 set");
            assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY").containsPattern("Surplus copies:\\s+0");
            try (FSDataOutputStream out = files.append(path)) {
                out.write(7);
            }
            assertThat(files.getFileStatus(path).getLen()).isEqualTo(CONTENT.length() + 1);
        }
    }

    @Test
    void goesOnThoughAServerAndTheLeaderDieInTheMiddle() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.start(5, "--replication", "4");
                FileSystem files = cluster.newFileSystem()) {
            List<Path> paths = IntStream.range(0, 20)
                    .mapToObj(i -> new Path("/tmp/many/" + i))
                    .toList();
            for (int i = 0; i < paths.size(); i++) {
                write(files, paths.get(i), new RandomFile(i, 2_000_000), TWO_OR_FOUR[i % 2]);
            }
            Path written = new Path("/tmp/written");
            try (FSDataOutputStream out = files.create(written, (short) 2)) {
                out.write(new byte[100_000]);
                out.hflush();
                files.setReplication(written, (short) 3);
                for (Path path : paths) {
                    files.setReplication(path, (short) 3);
                }
                cluster.kill("tract-5");
                out.write(new byte[100_000]);
                cluster.kill("metadata-1");
                cluster.restart("metadata-1");
                out.write(new byte[100_000]);
            }
            for (Path path : paths) {
                awaitCopies(files, path, 3);
                files.setReplication(path, (short) 2);
            }
            awaitCopies(files, written, 3);
            cluster.restart("tract-5");
            for (int i = 0; i < paths.size(); i++) {
                awaitCopies(files, paths.get(i), 2);
                read(files, paths.get(i), new RandomFile(i, 2_000_000));
            }
            cluster.awaitInSync();
            assertThat(cluster.fsck("/").run().orFail()).contains("HEALTHY");
        }
    }

    private static void awaitCopies(FileSystem files, Path path, int copies) throws IOException {
        Await.until(path + " has " + copies + " copies", () -> {
            BlockLocation[] blocks = files.getFileBlockLocations(path, 0, Long.MAX_VALUE);
            return Arrays.stream(blocks).allMatch(block -> hosts(block) == copies);
        });
    }

    private static int hosts(BlockLocation block) {
        try {
            return block.getHosts().length;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(FileSystem files, Path path, RandomFile content, int replication) throws IOException {
        try (OutputStream out = files.create(path, (short) replication)) {
            content.writeTo(out);
        }
    }

    private static void read(FileSystem files, Path path, RandomFile content) throws IOException {
        try (InputStream in = files.open(path)) {
            content.assertEqualTo(in);
        }
    }
}
