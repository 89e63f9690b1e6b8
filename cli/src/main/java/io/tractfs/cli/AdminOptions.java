package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.ClusterDirectory;
import io.tractfs.cli.cluster.ClusterPlan;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import io.tractfs.wire.proto.ReportResponse;
import io.tractfs.wire.rpc.HostPort;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a running cluster. Confined to the command's thread. */
final class AdminOptions {
    private static final int DEFAULT_PORT = 7610;
    static final long REPORT_MS = 10_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--dir", paramLabel = "DIR", description = "Directory of a local cluster.")
    private Optional<Path> directory = Optional.empty();

    @Option(
            names = "--metadata",
            paramLabel = "HOST[:PORT]",
            description = "Or its metadata servers, separated by commas.")
    private Optional<String> metadata = Optional.empty();

    /** A proxy of the metadata server. */
    MetadataProxy connect() throws CommandFailure {
        return new MetadataProxy(addresses(), REPORT_MS);
    }

    private List<HostPort> addresses() throws CommandFailure {
        if (directory.isPresent() == metadata.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "Which cluster? Give --dir DIR or --metadata HOST[:PORT].");
        }
        return directory.isPresent() ? ofDirectory(ClusterDirectory.of(directory.get())) : named(metadata.orElse(""));
    }

    private static List<HostPort> named(String text) throws CommandFailure {
        try {
            return Arrays.stream(text.split(",", -1))
                    .map(part -> HostPort.parse(part, DEFAULT_PORT))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--metadata: " + e.getMessage(), e);
        }
    }

    private static List<HostPort> ofDirectory(ClusterDirectory directory) throws CommandFailure {
        if (!directory.isCluster()) {
            throw new CommandFailure("There is no cluster in " + directory.root() + ".");
        }
        return ClusterPlan.load(directory.plan()).metadataAddresses();
    }

    /** The cluster's state. */
    ReportResponse report(boolean rows) throws CommandFailure {
        try (MetadataProxy metadata = connect()) {
            return metadata.report(rows);
        } catch (TractException e) {
            throw new CommandFailure("No report from " + addresses() + ": " + e.code() + ": " + e.getMessage(), e);
        }
    }
}
