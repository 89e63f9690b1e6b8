package io.tractfs.cli;

import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster restart}: stops one server, if it lives, and starts it. Confined to the command's thread. */
@Command(
        name = "restart",
        description = {
            "Stops a server in order (SIGTERM), if it lives, starts it, and returns when it listens.",
            "Also starts a dead one."
        },
        mixinStandardHelpOptions = true)
final class ClusterRestartCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "NAME", description = "A server, such as metadata-1 or tract-1.")
    private String name = "";

    @Option(
            names = "--format-directory",
            paramLabel = "DIR",
            description = {
                "First makes a store of this directory of a tract server, which must be empty or absent: a new disk in",
                "place of a lost one. Relative to the server's data (store-2), or absolute."
            })
    private List<Path> fresh = new ArrayList<>();

    @Override
    public Integer call() throws CommandFailure {
        Progress progress = Progress.standard();
        Cluster opened = cluster.open();
        Daemon daemon = opened.daemon(name);
        opened.end(List.of(daemon), progress);
        opened.startOne(daemon, fresh, progress);
        progress.clear();
        return 0;
    }
}
