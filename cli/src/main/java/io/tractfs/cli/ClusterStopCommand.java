package io.tractfs.cli;

import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster stop}: ends every server in order. Confined to the command's thread. */
@Command(
        name = "stop",
        description = "Stops all servers in order (SIGTERM) and returns when they are gone. The data stays.",
        mixinStandardHelpOptions = true)
final class ClusterStopCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws CommandFailure {
        Progress progress = Progress.standard();
        cluster.open().stop(progress);
        return 0;
    }
}
