package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code metadata-server}: a metadata server; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "metadata-server",
        description = {"Runs a metadata server in the foreground."},
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs metadata-server --conf FILE [--format --cluster-id UUID]")
final class MetadataServerCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ARGUMENT",
            description = "--conf FILE: its settings. --format: first makes its data directory, which must be empty.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("metadata-server", arguments);
    }
}
