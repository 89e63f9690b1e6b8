package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hadoop}: any class of Hadoop's; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "hadoop",
        description = {
            "Runs a class on Hadoop's class path with TractFS, such as",
            "org.apache.hadoop.tools.DistCp or org.apache.hadoop.examples.ExampleDriver."
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs hadoop [--dir DIR] CLASS [ARGUMENT...]")
final class HadoopCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", description = "Class and its arguments.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("hadoop", arguments);
    }
}
