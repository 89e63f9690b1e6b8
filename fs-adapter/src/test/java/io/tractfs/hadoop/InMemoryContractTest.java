package io.tractfs.hadoop;

import io.tractfs.hadoop.contract.ContractSuite;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Hadoop's contract tests, so that the adapter is right before there are servers. */
class InMemoryContractTest extends ContractSuite {
    @Override
    protected FileSystem fileSystem(Configuration configuration) throws IOException {
        InMemoryTractFileSystem.configuration().getPropsWithPrefix("fs.").forEach((name, value) -> {
            if (name.contains("tract")) {
                configuration.set("fs." + name, value);
            }
        });
        return FileSystem.get(URI.create("tract://contract"), configuration);
    }
}
