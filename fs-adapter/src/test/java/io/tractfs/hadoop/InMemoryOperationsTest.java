package io.tractfs.hadoop;

import io.tractfs.hadoop.contract.OperationsSuite;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's older suites, so that the adapter is right before there are servers. */
class InMemoryOperationsTest extends OperationsSuite {
    @Override
    protected Configuration configuration() {
        return InMemoryTractFileSystem.configuration();
    }

    @Override
    protected URI cluster() {
        return URI.create("tract://operations");
    }
}
