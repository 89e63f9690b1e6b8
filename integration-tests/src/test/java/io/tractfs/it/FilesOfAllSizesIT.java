package io.tractfs.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes in comes out, whatever its size or name. */
class FilesOfAllSizesIT {
    private static final int TRACT = 8 << 20;
    private static final int WRITERS = 16;

    private final ProcessCluster cluster = SharedCluster.get();

    @Test
    void readsBackFilesOfEverySize() throws IOException {
        long[] sizes = {0, 1, 511, 512, 513, 65_536, TRACT - 1, TRACT, TRACT + 1, 3L * TRACT + 77, 100L << 20};
        try (FileSystem files = cluster.newFileSystem()) {
            for (long size : sizes) {
                var path = new org.apache.hadoop.fs.Path("/tmp/sizes/" + size);
                RandomFile file = new RandomFile(size, size);
                try (OutputStream out = files.create(path)) {
                    file.writeTo(out);
                }
                assertThat(files.getFileStatus(path).getLen()).isEqualTo(size);
                try (InputStream in = files.open(path)) {
                    file.assertEqualTo(in);
                }
            }
        }
    }

    @Test
    void shellPutsMovesListsAndGetsFilesWithOddNames(@TempDir Path local) throws IOException {
        String[] names = {"two words", "per%20cent", "grün-日本語", "plus+and&"};
        shell("-mkdir", "-p", "/tmp/names/in", "/tmp/names/moved");
        List<String> move = new ArrayList<>(List.of("-mv"));
        List<String> print = new ArrayList<>(List.of("-cat"));
        for (String name : names) {
            Path source = Files.writeString(local.resolve("source"), name.repeat(1_000), UTF_8);
            shell("-put", "-f", source.toString(), "/tmp/names/in/" + name);
            move.add("/tmp/names/in/" + name);
            print.add("/tmp/names/moved/" + name);
        }
        move.add("/tmp/names/moved");
        shell(move.toArray(String[]::new));
        assertThat(shell("-ls", "/tmp/names/moved")).contains(names);
        assertThat(shell(print.toArray(String[]::new)))
                .isEqualTo(Arrays.stream(names).map(name -> name.repeat(1_000)).collect(Collectors.joining()));
        Path target = local.resolve("target");
        shell("-get", "/tmp/names/moved/" + names[2], target.toString());
        assertThat(Files.readString(target, UTF_8)).isEqualTo(names[2].repeat(1_000));
    }

    /** What a command prints, whose names travel in UTF-8 whatever the locale. */
    private String shell(String... arguments) {
        return cluster.fs(arguments).with(Map.of("LC_ALL", "C")).run().orFail();
    }

    @Test
    void holdsTwentyThousandSmallFilesInOneDirectory() throws Exception {
        var directory = new org.apache.hadoop.fs.Path("/tmp/many");
        int count = Integer.getInteger("tractfs.small.files", 20_000);
        try (FileSystem files = cluster.newFileSystem()) {
            writeSmallFiles(files, directory, count);
            assertThat(files.listStatus(directory)).hasSize(count);
            for (int i = 0; i < count; i += 997) {
                try (InputStream in = files.open(new org.apache.hadoop.fs.Path(directory, "file-" + i))) {
                    assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("content of " + i);
                }
            }
            assertThat(files.getContentSummary(directory).getFileCount()).isEqualTo(count);
            assertThat(files.delete(directory, true)).isTrue();
        }
    }

    /** Many at a time, since each waits for the disks when it is closed; one in ten has three copies. */
    private static void writeSmallFiles(FileSystem files, org.apache.hadoop.fs.Path directory, int count)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int first = writer;
                writers.add(threads.submit(() -> {
                    for (int i = first; i < count; i += WRITERS) {
                        var path = new org.apache.hadoop.fs.Path(directory, "file-" + i);
                        try (OutputStream out = files.create(path, (short) (i % 10 == 0 ? 3 : 1))) {
                            out.write(("content of " + i).getBytes(UTF_8));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
