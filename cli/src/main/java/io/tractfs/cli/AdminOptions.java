package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.cluster.ClusterPlan;
import io.tractfs.cli.cluster.ServerName;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.rpc.HostPort;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that name a running cluster. Confined to the command's thread. */
final class AdminOptions {
    private static final int DEFAULT_PORT = 7610;
    private static final long REPORT_MS = 10_000;

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    /** One of the two. Confined to the command's thread. */
    private static final class Target {
        @Option(names = "--dir", paramLabel = "DIR", description = "Directory of a local cluster.")
        private Optional<Path> directory = Optional.empty();

        @Option(names = "--metadata", paramLabel = "HOST[:PORT]", description = "A metadata server.")
        private Optional<String> metadata = Optional.empty();
    }

    /** A proxy of the metadata server. */
    MetadataProxy connect() throws CommandFailure {
        return new MetadataProxy(address(), REPORT_MS);
    }

    private HostPort address() throws CommandFailure {
        if (target.metadata.isPresent()) {
            try {
                return HostPort.parse(target.metadata.get(), DEFAULT_PORT);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure("--metadata: " + e.getMessage(), e);
            }
        }
        ClusterDirectory directory = ClusterDirectory.of(target.directory.orElse(Path.of("")));
        if (!directory.isCluster()) {
            throw new CommandFailure("There is no cluster in " + directory.root() + ".");
        }
        return ClusterPlan.load(directory.plan()).address(ServerName.metadata(1));
    }

    /** The cluster's state. */
    ReportResponse report(boolean rows) throws CommandFailure {
        try (MetadataProxy metadata = connect()) {
            return metadata.report(rows);
        } catch (TractException e) {
            throw new CommandFailure("No report from " + address() + ": " + e.code() + ": " + e.getMessage(), e);
        }
    }
}
