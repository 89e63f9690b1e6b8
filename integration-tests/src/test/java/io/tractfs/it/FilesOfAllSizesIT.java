package io.tractfs.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.testkit.Command;
import io.tractfs.testkit.ProcessCluster;
import io.tractfs.testkit.RandomFile;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes in comes out, whatever its size or name. */
class FilesOfAllSizesIT {
    private static final int TRACT = 8 << 20;

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
        cluster.fs("-mkdir", "-p", "/tmp/names/in", "/tmp/names/moved").run().orFail();
        for (String name : names) {
            Path source = Files.writeString(local.resolve("source"), name.repeat(1_000), UTF_8);
            Command.Outcome put = cluster.fs("-put", source.toString(), "/tmp/names/in/" + name)
                    .with(Map.of("LC_ALL", "C"))
                    .run();
            put.orFail();
            cluster.fs("-mv", "/tmp/names/in/" + name, "/tmp/names/moved/" + name)
                    .with(Map.of("LC_ALL", "C"))
                    .run()
                    .orFail();
            Path target = local.resolve("target");
            cluster.fs("-get", "/tmp/names/moved/" + name, target.toString())
                    .with(Map.of("LC_ALL", "C"))
                    .run()
                    .orFail();
            assertThat(Files.mismatch(target, source)).as(name).isEqualTo(-1);
            Files.delete(target);
        }
        String listing = cluster.fs("-ls", "/tmp/names/moved").run().orFail();
        assertThat(listing).contains(names);
    }

    @Test
    void holdsTwentyThousandSmallFilesInOneDirectory() throws IOException {
        var directory = new org.apache.hadoop.fs.Path("/tmp/many");
        int count = Integer.getInteger("tractfs.small.files", 20_000);
        try (FileSystem files = cluster.newFileSystem()) {
            java.util.stream.IntStream.range(0, count).parallel().forEach(i -> {
                try (OutputStream out = files.create(new org.apache.hadoop.fs.Path(directory, "file-" + i))) {
                    out.write(("content of " + i).getBytes(UTF_8));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
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
}
