package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.hadoop.TractFileSystem;
import io.tractfs.hadoop.TractFs;
import io.tractfs.it.probe.ThreadsProbe;
import io.tractfs.testkit.Command;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;

/**
 * Many file system objects share what they use, and leave nothing behind, in a process where nobody else has clients; each
 * keeps what it was set to.
 */
class FileSystemObjectsIT {
    private static final long LIMIT_SECONDS = 120;

    @Test
    void shareThreadsAndLeaveNone() {
        Command command = new Command(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ThreadsProbe.class.getName(),
                        SharedCluster.get()
                                .configurationDirectory()
                                .resolve("core-site.xml")
                                .toString()),
                Map.of(),
                LIMIT_SECONDS);
        assertThat(command.run().orFail()).contains("THREADS OK");
    }

    @Test
    void areMountedUnderTheSchemeOfHdfs() throws IOException {
        Configuration configuration = SharedCluster.get().configuration();
        configuration.set("fs.hdfs.impl", TractFileSystem.class.getName());
        configuration.set("fs.AbstractFileSystem.hdfs.impl", TractFs.class.getName());
        URI uri = URI.create("hdfs://" + SharedCluster.get().uri().getAuthority());
        configuration.set("fs.defaultFS", uri.toString());
        var path = new org.apache.hadoop.fs.Path("/as-hdfs/file");
        try (FileSystem files = FileSystem.newInstance(uri, configuration)) {
            assertThat(files.getScheme()).isEqualTo("hdfs");
            try (OutputStream out = files.create(path, true)) {
                out.write(7);
            }
            assertThat(files.listStatus(path.getParent())[0].getPath())
                    .isEqualTo(new org.apache.hadoop.fs.Path(uri + "/as-hdfs/file"));
            FileContext context = FileContext.getFileContext(configuration);
            var renamed = new org.apache.hadoop.fs.Path(uri + "/as-hdfs/renamed");
            context.rename(path, renamed);
            try (InputStream in = context.open(renamed)) {
                assertThat(in.readAllBytes()).containsExactly(7);
            }
            assertThat(files.delete(path.getParent(), true)).isTrue();
        }
    }

    @Test
    void keepTheirOwnSettingsThoughTheyShareConnections() throws IOException {
        Configuration configuration = SharedCluster.get().configuration();
        configuration.set("dfs.replication", "1");
        configuration.set("dfs.blocksize", "1m");
        configuration.set("fs.permissions.umask-mode", "077");
        var path = new org.apache.hadoop.fs.Path("/settings/file");
        try (FileSystem ours = FileSystem.newInstance(SharedCluster.get().uri(), configuration);
                FileSystem usual = SharedCluster.get().newFileSystem()) {
            ours.create(path, true).close();
            FileStatus status = usual.getFileStatus(path);
            assertThat(status.getReplication()).isEqualTo((short) 1);
            assertThat(status.getBlockSize()).isEqualTo(1 << 20);
            assertThat(status.getPermission().toShort()).isEqualTo((short) 0600);
            usual.create(path, true).close();
            status = ours.getFileStatus(path);
            assertThat(status.getReplication()).isEqualTo((short) 3);
            assertThat(status.getBlockSize()).isEqualTo(128 << 20);
            assertThat(status.getPermission().toShort()).isEqualTo((short) 0644);
        }
    }
}
