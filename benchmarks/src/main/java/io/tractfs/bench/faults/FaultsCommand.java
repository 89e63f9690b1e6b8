package io.tractfs.bench.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tractfs.bench.cluster.HdfsSide;
import io.tractfs.bench.cluster.TractFsSide;
import io.tractfs.bench.cluster.Trees;
import io.tractfs.bench.faults.FaultTable.Measure;
import io.tractfs.bench.report.FaultReport;
import io.tractfs.cli.console.CommandFailure;
import io.tractfs.cli.console.Launcher;
import io.tractfs.cli.console.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench faults}: the fault table. Confined to the command's thread. */
@Command(
        name = "faults",
        description = {
            "Kills and freezes servers of a fresh TractFS cluster, and of HDFS after it, and prints how long it takes",
            "until that is noticed, until all copies are there again, and how long clients pause."
        },
        mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
    private static final int HDFS_PORTS = 200;
    private static final long TUNED_WAIT_SECONDS = 120;
    private static final long DEFAULT_WAIT_SECONDS = 1_200;
    private static final String DISK = "disk";

    @Option(names = "--against", paramLabel = "hdfs", description = "HDFS with its defaults too.")
    private Optional<String> against = Optional.empty();

    @Option(names = "--hdfs-tuned", description = "HDFS with every setting tuned too; docs/performance.md lists them.")
    private boolean tuned;

    @Option(names = "--hdfs-wait", description = "Wait until HDFS notices with its defaults, twice: half an hour more.")
    private boolean wait;

    @Option(names = "--mib", paramLabel = "N", description = "MiB that the killed server holds; ${DEFAULT-VALUE}.")
    private int mib = 1_024;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "Empty files when the metadata server is killed; ${DEFAULT-VALUE}.")
    private int files = 20_000;

    @Option(names = "--restarts", paramLabel = "N", description = "How often that is done; ${DEFAULT-VALUE}.")
    private int restarts = 1;

    @Option(names = "--names-only", description = "Only that: no data, no other server is hurt.")
    private boolean namesOnly;

    @Option(names = "--servers", paramLabel = "N", description = "Data servers; ${DEFAULT-VALUE}.")
    private int servers = 5;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table there.")
    private Optional<Path> markdown = Optional.empty();

    @Option(names = "--dir", paramLabel = "DIR", description = "Where data and logs go; a temporary one by default.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--port-base", paramLabel = "P", description = "First of 400 ports; ${DEFAULT-VALUE} by default.")
    private int portBase = 16_100;

    /** Made by picocli. */
    public FaultsCommand() {
        // Options have their defaults.
    }

    @Override
    public Integer call() throws CommandFailure {
        try {
            Path root = directory.isPresent()
                    ? directory.get().toAbsolutePath()
                    : Files.createTempDirectory("tractfs-faults");
            Files.createDirectories(root.resolve("logs"));
            FaultTable table = new FaultTable();
            run(root, table);
            System.out.print(FaultReport.text(table.rows()));
            if (markdown.isPresent()) {
                Files.writeString(markdown.get(), FaultReport.markdown(table.rows()));
            }
            if (json.isPresent()) {
                new ObjectMapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValue(json.get().toFile(), Map.of("schemaVersion", 1, "rows", table.rows()));
            }
            Trees.remove(directory.isPresent() ? root.resolve("logs") : root);
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void run(Path root, FaultTable table) throws IOException, CommandFailure {
        Progress progress = Progress.standard();
        long bytes = (long) mib << 20;
        Path logs = root.resolve("logs");
        if (!namesOnly) {
            progress.now("copying the same bytes with cp");
            table.put(Measure.COPY, DISK, DiskCopy.seconds(root, bytes));
        }
        TractFsSide tractFs =
                new TractFsSide(Launcher.ofThisProcess().script(), root.resolve("tractfs"), logs, servers, portBase);
        hurt(new TractFsFaults(tractFs, servers, portBase), TUNED_WAIT_SECONDS, bytes, table, progress);
        if (against.isPresent()) {
            hurt(hdfs(root, "HDFS", Map.of()), wait ? DEFAULT_WAIT_SECONDS : 0, bytes, table, progress);
        }
        if (tuned) {
            hurt(hdfs(root, "HDFS tuned", HdfsFaults.TUNED), TUNED_WAIT_SECONDS, bytes, table, progress);
        }
    }

    private FaultyCluster hdfs(Path root, String name, Map<String, String> settings) throws IOException {
        int ports = portBase + HDFS_PORTS;
        HdfsSide side = HdfsSide.of(root.resolve("hdfs"), root.resolve("logs"), servers, ports, false, settings);
        return new HdfsFaults(side, name, servers, ports);
    }

    private void hurt(FaultyCluster cluster, long waitSeconds, long bytes, FaultTable table, Progress progress)
            throws IOException {
        Thread cleaner = new Thread(cluster::close, "faults-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            new FaultRun(
                            cluster,
                            new FaultPlan(servers, bytes, files, waitSeconds, restarts, namesOnly),
                            table,
                            progress)
                    .run();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            cluster.close();
        }
    }
}
