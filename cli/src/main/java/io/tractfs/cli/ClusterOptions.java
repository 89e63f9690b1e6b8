package io.tractfs.cli;

import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names a local cluster. Confined to the command's thread. */
final class ClusterOptions {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Directory of the cluster.")
    private Path directory = Path.of("");

    /** The directory. */
    ClusterDirectory directory() {
        return ClusterDirectory.of(directory);
    }

    /** The cluster, which must be there. */
    Cluster open() throws CommandFailure {
        return Cluster.open(directory(), Launcher.ofThisProcess());
    }
}
