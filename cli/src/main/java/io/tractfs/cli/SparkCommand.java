package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code spark}: any class of Spark's; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "spark",
        description = {
            "Runs a class on Spark's class path with TractFS, such as",
            "org.apache.spark.deploy.SparkSubmit."
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs spark [--dir DIR] CLASS [ARGUMENT...]")
final class SparkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", description = "Class and its arguments.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("spark", arguments);
    }
}
