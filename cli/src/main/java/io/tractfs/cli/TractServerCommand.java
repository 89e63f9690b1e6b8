package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tract-server}: a tract server; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "tract-server",
        description = {"Runs a tract server in the foreground."},
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs tract-server --conf FILE [(--format | --format-directory DIR...) --cluster-id UUID]")
final class TractServerCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ARGUMENT",
            description = {
                "--conf FILE: its settings. --format: first makes its stores, which must be empty.",
                "--format-directory DIR: first makes a store of this one of its directories, which must be empty: a new disk."
            })
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("tract-server", arguments);
    }
}
