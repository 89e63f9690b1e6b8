package io.tractfs.it.contract;

import io.tractfs.testkit.SharedCluster;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.TestTrash;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What Hadoop's tests of the trash ask of any file system, as HDFS's own test does; run by {@link HadoopSuitesIT} only. */
final class TrashSuite {
    @Nested
    class Trash {
        @Test
        void shell() throws Exception {
            try (FileSystem files = SharedCluster.get().newFileSystem()) {
                TestTrash.trashShell(files, new Path("/trash-suite"));
            }
        }

        @Test
        void otherThanDefaultFileSystem() throws Exception {
            TestTrash.trashNonDefaultFS(SharedCluster.get().configuration());
        }

        @Test
        void permissions() throws Exception {
            Configuration configuration = SharedCluster.get().configuration();
            configuration.set("fs.trash.interval", "0.2");
            try (FileSystem files = FileSystem.newInstance(SharedCluster.get().uri(), configuration)) {
                TestTrash.verifyTrashPermission(files, configuration);
            }
        }

        @Test
        void emptyDirectory() throws Exception {
            Configuration configuration = SharedCluster.get().configuration();
            configuration.set("fs.trash.interval", "1");
            try (FileSystem files = FileSystem.newInstance(SharedCluster.get().uri(), configuration)) {
                TestTrash.verifyMoveEmptyDirToTrash(files, configuration);
            }
        }
    }
}
