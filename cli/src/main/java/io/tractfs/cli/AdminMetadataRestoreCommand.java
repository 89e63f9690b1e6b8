package io.tractfs.cli;

import io.tractfs.cli.admin.MetadataBackup;
import io.tractfs.cli.admin.MetadataProxy;
import io.tractfs.cli.cluster.Cluster;
import io.tractfs.cli.cluster.ClusterLock;
import io.tractfs.cli.cluster.Daemon;
import io.tractfs.cli.cluster.ProcessTable;
import io.tractfs.cli.cluster.Readiness;
import io.tractfs.cli.cluster.ServerName;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin metadata restore}: a namespace out of a copy (P30). Confined to the command's thread. */
@Command(
        name = "restore",
        description = {
            "Starts the metadata servers of a local cluster on what a backup has. They have to be dead, and their data",
            "directories gone: move them away. What happened after the backup was made is undone. It waits for every tract",
            "server that the backup knows. Stores delete nothing until 'admin metadata confirm'."
        },
        mixinStandardHelpOptions = true)
final class AdminMetadataRestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "What 'backup' wrote.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--from-tract-servers",
            description = "Instead of FILE: the newest of the copies that tract servers keep beside their data.")
    private boolean fromTractServers;

    @Option(
            names = "--without",
            split = ",",
            paramLabel = "NAME",
            description = "Tract servers, or ids of stores, that will not come back: nobody waits for them.")
    private List<String> without = List.of();

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds to wait; ${DEFAULT-VALUE} by default.")
    private int timeoutS = 120;

    @Override
    public Integer call() throws CommandFailure {
        if (file.isPresent() == fromTractServers) {
            throw new ParameterException(spec.commandLine(), "Restore from what? Give FILE or --from-tract-servers.");
        }
        Progress progress = Progress.standard();
        Cluster opened = cluster.open();
        List<Daemon> servers = metadataServers(opened);
        MetadataBackup.Outcome backup = file.isPresent()
                ? MetadataBackup.verify(file.get().toAbsolutePath())
                : MetadataBackup.newest(opened.namespaceCopies());
        progress.line("restoring " + backup.text());
        ClusterLock.hold(opened.directory(), () -> restore(opened, servers, backup, progress));
        progress.clear();
        System.out.println("restored from " + backup.text());
        System.out.println("Stores delete nothing until 'tractfs admin metadata confirm' says that all is well.");
        return 0;
    }

    private static List<Daemon> metadataServers(Cluster opened) throws CommandFailure {
        List<Daemon> servers = new ArrayList<>();
        for (Daemon daemon : opened.daemons()) {
            if (daemon.name().kind() == ServerName.Kind.METADATA) {
                if (daemon.state() != ProcessTable.State.DEAD) {
                    throw new CommandFailure(
                            daemon.name() + " runs. A namespace is restored while no metadata server does.");
                }
                servers.add(daemon);
            }
        }
        return servers;
    }

    private void restore(Cluster opened, List<Daemon> servers, MetadataBackup.Outcome backup, Progress progress)
            throws CommandFailure {
        List<String> arguments =
                new ArrayList<>(List.of("--restore", backup.file().toString()));
        if (!without.isEmpty()) {
            arguments.addAll(List.of("--without", String.join(",", without)));
        }
        opened.startAll(servers, arguments, progress);
        try (MetadataProxy metadata = new MetadataProxy(opened.plan().metadataAddresses(), AdminOptions.REPORT_MS)) {
            new Readiness(opened, metadata, progress).awaitRows(timeoutS * 1000L);
        }
    }
}
