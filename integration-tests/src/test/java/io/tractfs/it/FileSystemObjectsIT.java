package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Await;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many file system objects share what they use, and leave nothing behind. */
class FileSystemObjectsIT {
    private static final int OBJECTS = 100;
    private static final long LIMIT_MS = 60_000;

    /**
     * What earlier tests of this process left in Hadoop's cache is closed here. {@code FileContext} has no close: what they
     * opened by it goes with its garbage.
     */
    @BeforeEach
    void awaitTheEndOfOtherClients() throws IOException {
        FileSystem.closeAll();
        Await.until("clients of other tests have ended", () -> {
            System.gc();
            return threads().isEmpty();
        });
    }

    @Test
    void shareThreadsAndLeaveNone() throws Exception {
        Configuration configuration = SharedCluster.get().configuration();
        configuration.set("fs.tract.pool.idle.timeout", "0s");
        List<FileSystem> all = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < OBJECTS; i++) {
            FileSystem files = FileSystem.newInstance(SharedCluster.get().uri(), configuration);
            all.add(files);
            Path path = new Path("/objects/file-" + i);
            try (FSDataOutputStream out = files.create(path, true)) {
                out.write(i);
            }
            try (FSDataInputStream in = files.open(path)) {
                assertThat(in.read()).isEqualTo(i);
            }
            most = Math.max(most, threads().size());
        }
        assertThat(most).as("threads of %d objects: %s", OBJECTS, threads()).isLessThan(20);

        for (FileSystem files : all) {
            files.close();
            files.close();
        }
        awaitNoThreads();
    }

    /** The timer's thread stays for a few seconds after its last task. */
    private static void awaitNoThreads() throws InterruptedException {
        for (Thread thread : threads()) {
            thread.join(LIMIT_MS);
        }
        assertThat(threads()).isEmpty();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tractfs-"))
                .toList();
    }
}
