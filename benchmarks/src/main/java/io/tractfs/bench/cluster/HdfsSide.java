package io.tractfs.bench.cluster;

import io.tractfs.bench.plan.Durability;
import io.tractfs.bench.plan.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;

/** HDFS: a NameNode and DataNodes, a JVM each. Confined to the conductor's thread. */
public final class HdfsSide implements Side {
    private static final String NAME_NODE = "org.apache.hadoop.hdfs.server.namenode.NameNode";
    private static final String DATA_NODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(180);
    private static final long POLL_MS = 200;

    private final HdfsSettings settings;
    private final NativeHadoop library;
    private final Path logs;
    private final int dataNodes;
    private final List<Process> processes = new ArrayList<>();

    private HdfsSide(HdfsSettings settings, NativeHadoop library, Path logs, int dataNodes) {
        this.settings = settings;
        this.library = library;
        this.logs = logs;
        this.dataNodes = dataNodes;
    }

    /**
     * A cluster to be.
     *
     * @param directory where it keeps its data; removed at the end
     * @param logs where its logs stay
     * @param dataNodes number of DataNodes
     * @param portBase first port
     * @param syncOnClose whether blocks are synced when they are closed
     * @param more settings over HDFS's defaults
     */
    public static HdfsSide of(
            Path directory, Path logs, int dataNodes, int portBase, boolean syncOnClose, Map<String, String> more)
            throws IOException {
        NativeHadoop library = NativeHadoop.unpack(logs.resolve("native"));
        Optional<Path> sockets = library.present() ? Optional.of(SocketDirectory.make()) : Optional.empty();
        return new HdfsSide(
                new HdfsSettings(directory, portBase, syncOnClose, sockets, more), library, logs, dataNodes);
    }

    @Override
    public String name() {
        return "hdfs";
    }

    /** Whether local clients read short-circuit. */
    public boolean shortCircuit() {
        return settings.shortCircuit();
    }

    @Override
    public void start() throws IOException {
        format();
        startNameNode();
        for (int number = 1; number <= dataNodes; number++) {
            processes.add(startDataNode(number));
        }
        awaitServing();
    }

    private void format() throws IOException {
        Process format = process(NAME_NODE, Memory.NAMES, settings.nameNode(), List.of("-format", "-nonInteractive"))
                .startDaemon(logs.resolve("hdfs-format.log"));
        try {
            if (format.waitFor() != 0) {
                throw new IOException("HDFS could not be formatted, see " + logs.resolve("hdfs-format.log"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while HDFS was formatted", e);
        }
    }

    /** Starts the NameNode, which is the first of the processes. */
    public void startNameNode() throws IOException {
        Process nameNode = process(NAME_NODE, Memory.NAMES, settings.nameNode(), List.of())
                .startDaemon(logs.resolve("hdfs-namenode.log"));
        if (processes.isEmpty()) {
            processes.add(nameNode);
        } else {
            processes.set(0, nameNode);
        }
    }

    private Process startDataNode(int number) throws IOException {
        return process(DATA_NODE, Memory.DATA, settings.dataNode(number), List.of())
                .startDaemon(logs.resolve("hdfs-datanode-" + number + ".log"));
    }

    /** Starts a DataNode that has ended, on its data; numbers begin with 1. */
    public void restartDataNode(int number) throws IOException {
        processes.set(number, startDataNode(number));
    }

    private JavaProcess process(
            String mainClass, Memory memory, Map<String, String> configuration, List<String> arguments) {
        List<String> options = new ArrayList<>(memory.options());
        options.addAll(library.options());
        List<String> all = new ArrayList<>();
        configuration.forEach((key, value) -> {
            all.add("-D");
            all.add(key + "=" + value);
        });
        all.addAll(arguments);
        return new JavaProcess(mainClass, options, all);
    }

    private void awaitServing() throws IOException {
        long deadline = System.nanoTime() + START_LIMIT_NANOS;
        Configuration configuration = new Configuration();
        clientSettings(Location.REMOTE, Durability.NONE).forEach(configuration::set);
        try (FileSystem client = FileSystem.newInstance(FileSystem.getDefaultUri(configuration), configuration)) {
            DistributedFileSystem hdfs = (DistributedFileSystem) client;
            while (!serves(hdfs)) {
                if (System.nanoTime() - deadline > 0 || processes.stream().anyMatch(process -> !process.isAlive())) {
                    throw new IOException("HDFS does not come up, see " + logs);
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while HDFS came up", e);
        }
    }

    private boolean serves(DistributedFileSystem hdfs) {
        try {
            return hdfs.getDataNodeStats(DatanodeReportType.LIVE).length == dataNodes
                    && !hdfs.setSafeMode(SafeModeAction.GET);
        } catch (IOException e) {
            return false;
        }
    }

    /** The NameNode, then the DataNodes. */
    public List<Process> processes() {
        return List.copyOf(processes);
    }

    @Override
    public List<Long> servers() {
        return processes.stream().map(Process::pid).toList();
    }

    @Override
    public Map<String, String> clientSettings(Location location, Durability durability) {
        return settings.client(location);
    }

    @Override
    public List<String> clientOptions() {
        return library.options();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor();
            }
            processes.clear();
            Trees.remove(settings.directory());
            if (settings.sockets().isPresent()) {
                Trees.remove(settings.sockets().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
