package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench}: has its own class path; the launcher runs it, with its own help. Confined to the command's thread. */
@Command(
        name = "bench",
        description = "Measures TractFS, and HDFS in turns with it; 'tractfs bench --help' lists its options.",
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs bench [--against hdfs] [OPTION...]")
final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "OPTION", description = "Options of the bench.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("bench", arguments);
    }
}
