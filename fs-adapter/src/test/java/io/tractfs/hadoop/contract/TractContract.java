package io.tractfs.hadoop.contract;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;

/** What TractFS promises to Hadoop's contract tests: {@code contract/tract.xml}. Not thread-safe. */
public final class TractContract extends AbstractFSContract {
    private final FileSystem fileSystem;
    private final Path testPath;

    /** Promises of the file system that is given. */
    public TractContract(Configuration configuration, FileSystem fileSystem) {
        this(configuration, fileSystem, new Path("/test"));
    }

    /** The same with a directory of its own, for tests that run beside others. */
    public TractContract(Configuration configuration, FileSystem fileSystem, Path testPath) {
        super(configuration);
        this.fileSystem = fileSystem;
        this.testPath = testPath;
        addConfResource("contract/tract.xml");
    }

    @Override
    public FileSystem getTestFileSystem() throws IOException {
        return fileSystem;
    }

    @Override
    public String getScheme() {
        return fileSystem.getScheme();
    }

    @Override
    public Path getTestPath() {
        return testPath;
    }
}
