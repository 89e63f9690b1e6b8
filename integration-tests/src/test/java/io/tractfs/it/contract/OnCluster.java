package io.tractfs.it.contract;

import io.tractfs.hadoop.contract.ContractSuite;
import io.tractfs.hadoop.contract.OperationsSuite;
import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Hadoop's suites on the shared cluster; run by {@link HadoopSuitesIT} only, which counts them. */
final class OnCluster {
    private OnCluster() {}

    /** The cluster's file system, which the configuration then leads to. */
    static FileSystem fileSystem(Configuration configuration) throws IOException {
        SharedCluster.get().configuration().getPropsWithPrefix("fs.").forEach((name, value) -> {
            if (name.contains("tract") || name.equals("defaultFS")) {
                configuration.set("fs." + name, value);
            }
        });
        return FileSystem.get(SharedCluster.get().uri(), configuration);
    }

    /** The contract tests. */
    static final class Contracts extends ContractSuite {
        @Override
        protected FileSystem fileSystem(Configuration configuration) throws IOException {
            return OnCluster.fileSystem(configuration);
        }
    }

    /** The older suites of operations. */
    static final class Operations extends OperationsSuite {
        @Override
        protected Configuration configuration() {
            return SharedCluster.get().configuration();
        }

        @Override
        protected URI cluster() {
            return SharedCluster.get().uri();
        }
    }
}
