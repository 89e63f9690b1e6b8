package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.cluster.ServerName;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.error.TractException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster status}: a line per process. Confined to the command's thread. */
@Command(
        name = "status",
        description = {
            "Prints a line per server: name, process id, state (running, frozen, dead), role (leader, follower,",
            "tract-server; '-' where nobody can say)."
        },
        mixinStandardHelpOptions = true)
final class ClusterStatusCommand implements Callable<Integer> {
    private static final long REPORT_MS = 2_000;
    private static final String UNKNOWN = "-";

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws CommandFailure {
        Cluster opened = cluster.open();
        for (Daemon daemon : opened.daemons()) {
            ProcessTable.State state = daemon.state();
            OptionalLong pid = daemon.pid();
            boolean dead = state == ProcessTable.State.DEAD;
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-12s %8s %-8s %s",
                    daemon.name(),
                    dead || pid.isEmpty() ? UNKNOWN : Long.toString(pid.getAsLong()),
                    state.name().toLowerCase(Locale.ROOT),
                    role(opened, daemon.name(), state)));
        }
        return 0;
    }

    private static String role(Cluster opened, ServerName name, ProcessTable.State state) {
        return switch (name.kind()) {
            case TRACT -> "tract-server";
            case METADATA -> state == ProcessTable.State.RUNNING ? metadataRole(opened, name) : UNKNOWN;
        };
    }

    private static String metadataRole(Cluster opened, ServerName name) {
        try (MetadataProxy metadata = new MetadataProxy(List.of(opened.plan().address(name)), REPORT_MS)) {
            return metadata.report(false).getRole();
        } catch (TractException e) {
            return UNKNOWN;
        }
    }
}
