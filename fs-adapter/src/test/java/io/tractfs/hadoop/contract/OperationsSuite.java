package io.tractfs.hadoop.contract;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FCStatisticsBaseTest;
import org.apache.hadoop.fs.FSMainOperationsBaseTest;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileContextCreateMkdirBaseTest;
import org.apache.hadoop.fs.FileContextMainOperationsBaseTest;
import org.apache.hadoop.fs.FileContextPermissionBase;
import org.apache.hadoop.fs.FileContextTestHelper;
import org.apache.hadoop.fs.FileContextURIBase;
import org.apache.hadoop.fs.FileContextUtilBase;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileSystem.Statistics;
import org.apache.hadoop.fs.FileSystemContractBaseTest;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Hadoop's older suites of operations, through {@code FileSystem} and {@code FileContext}; subclasses say on what. */
public abstract class OperationsSuite {
    private static final String TEST_ROOT = "/tmp/operations";

    /** A configuration under which the cluster is reached. */
    protected abstract Configuration configuration();

    /** The cluster. */
    protected abstract URI cluster();

    private FileSystem fileSystem(Configuration configuration) throws IOException {
        return FileSystem.newInstance(cluster(), configuration);
    }

    private FileContext fileContext() throws IOException {
        return FileContext.getFileContext(cluster(), configuration());
    }

    private Path home() throws IOException {
        return new Path(cluster().toString() + "/user/"
                + UserGroupInformation.getCurrentUser().getShortUserName());
    }

    @Nested
    class FileSystemContract extends FileSystemContractBaseTest {
        @BeforeEach
        void open() throws IOException {
            Configuration configuration = configuration();
            configuration.set("fs.permissions.umask-mode", TEST_UMASK);
            fs = fileSystem(configuration);
        }

        @Override
        protected String getDefaultWorkingDirectory() {
            return fs.getHomeDirectory().toUri().getPath();
        }
    }

    @Nested
    class FileSystemOperations extends FSMainOperationsBaseTest {
        FileSystemOperations() {
            super(TEST_ROOT + "/file-system");
        }

        @Override
        protected FileSystem createFileSystem() throws Exception {
            return fileSystem(configuration());
        }

        @Override
        protected Path getDefaultWorkingDirectory() throws IOException {
            return home();
        }
    }

    @Nested
    class FileContextOperations extends FileContextMainOperationsBaseTest {
        @BeforeEach
        @Override
        public void setUp() throws Exception {
            fc = fileContext();
            fc.mkdir(home(), FileContext.DEFAULT_PERM, true);
            super.setUp();
        }

        @Override
        protected FileContextTestHelper createFileContextHelper() {
            return new FileContextTestHelper(TEST_ROOT + "/file-context");
        }

        @Override
        protected Path getDefaultWorkingDirectory() throws IOException {
            return home();
        }

        @Override
        protected boolean listCorruptedBlocksSupported() {
            return true;
        }
    }

    @Nested
    class FileContextCreateMkdir extends FileContextCreateMkdirBaseTest {
        @BeforeEach
        @Override
        public void setUp() throws Exception {
            fc = fileContext();
            super.setUp();
        }

        @Override
        protected FileContextTestHelper createFileContextHelper() {
            return new FileContextTestHelper(TEST_ROOT + "/mkdir");
        }
    }

    @Nested
    class FileContextPermission extends FileContextPermissionBase {
        @Override
        protected FileContextTestHelper getFileContextHelper() {
            return new FileContextTestHelper(TEST_ROOT + "/permission");
        }

        @Override
        protected FileContext getFileContext() throws Exception {
            return fileContext();
        }
    }

    @Nested
    class FileContextUri extends FileContextURIBase {
        @BeforeEach
        @Override
        public void setUp() throws Exception {
            fc1 = fileContext();
            fc2 = fc1;
        }
    }

    @Nested
    class FileContextUtilities extends FileContextUtilBase {
        @BeforeEach
        @Override
        public void setUp() throws Exception {
            fc = fileContext();
            super.setUp();
        }
    }

    @Nested
    class FileContextStatistics extends FCStatisticsBaseTest {
        @BeforeEach
        void open() throws IOException {
            fc = fileContext();
            fc.mkdir(fileContextTestHelper.getTestRootPath(fc, "test"), FileContext.DEFAULT_PERM, true);
        }

        @AfterEach
        void clear() throws IOException {
            fc.delete(fileContextTestHelper.getTestRootPath(fc, "test"), true);
        }

        @Override
        protected void verifyReadBytes(Statistics statistics) {
            Assertions.assertEquals(2L * blockSize, statistics.getBytesRead());
        }

        @Override
        protected void verifyWrittenBytes(Statistics statistics) {
            Assertions.assertEquals((long) blockSize * numBlocks, statistics.getBytesWritten());
        }

        @Override
        protected URI getFsUri() {
            return cluster();
        }
    }
}
