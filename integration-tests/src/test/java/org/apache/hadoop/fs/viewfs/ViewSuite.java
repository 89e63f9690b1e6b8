package org.apache.hadoop.fs.viewfs;

import io.tractfs.testkit.SharedCluster;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileContextTestHelper;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileSystemTestHelper;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** View file systems over the shared cluster; run by {@code HadoopSuitesIT} only, which counts the tests. */
public final class ViewSuite {
    private static Configuration configuration() {
        Configuration configuration = SharedCluster.get().configuration();
        configuration.set("fs.defaultFS", "viewfs:///");
        return configuration;
    }

    @Nested
    class ViewFileSystemOverCluster extends ViewFileSystemBaseTest {
        @Override
        protected FileSystemTestHelper createFileSystemHelper() {
            return new FileSystemTestHelper("/tmp/view-file-system");
        }

        @Override
        @BeforeEach
        public void setUp() throws Exception {
            SupportsBlocks = true;
            fsTarget = FileSystem.get(SharedCluster.get().uri(), configuration());
            super.setUp();
        }

        /** As HDFS's own. */
        @Override
        Path getTrashRootInFallBackFS() throws java.io.IOException {
            return new Path("/.Trash/" + UserGroupInformation.getCurrentUser().getShortUserName());
        }
    }

    @Nested
    class ViewFsOverCluster extends ViewFsBaseTest {
        @Override
        protected FileContextTestHelper createFileContextHelper() {
            return new FileContextTestHelper("/tmp/view-fs");
        }

        @Override
        @BeforeEach
        public void setUp() throws Exception {
            SupportsBlocks = true;
            fcTarget = FileContext.getFileContext(SharedCluster.get().uri(), configuration());
            super.setUp();
        }
    }
}
