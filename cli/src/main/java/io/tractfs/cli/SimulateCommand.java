package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code simulate}: has its own class path; the launcher runs it, with its own help. Confined to the command's thread. */
@Command(
        name = "simulate",
        description = "Runs the protocol under faults from a seed, or foresees a recovery; 'tractfs simulate --help'.",
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs simulate [recovery] [OPTION...]")
final class SimulateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "OPTION", description = "Options of the simulation.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("simulate", arguments);
    }
}
