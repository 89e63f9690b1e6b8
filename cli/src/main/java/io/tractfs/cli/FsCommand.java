package io.tractfs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fs}: Hadoop's FsShell; the launcher runs it, here is its help. Confined to the command's thread. */
@Command(
        name = "fs",
        description = {
            "Hadoop's FsShell: -ls, -put, -get, -rm and so on; -help lists them.",
            "Needs --dir, or HADOOP_CONF_DIR, or -fs URI."
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "tractfs fs [--dir DIR] ARGUMENT...")
final class FsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", description = "What Hadoop's FsShell takes.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return LauncherRun.of("fs", arguments);
    }
}
