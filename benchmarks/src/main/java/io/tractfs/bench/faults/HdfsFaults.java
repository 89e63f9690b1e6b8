package io.tractfs.bench.faults;

import io.tractfs.bench.cluster.HdfsSide;
import io.tractfs.bench.plan.Durability;
import io.tractfs.bench.plan.Location;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;

/** HDFS, with its defaults or tuned to notice and recover as fast as its settings allow. Thread-safe. */
final class HdfsFaults implements FaultyCluster {
    /** Every setting that makes HDFS notice and recover faster, as fast as it goes. */
    static final Map<String, String> TUNED = new TreeMap<>(Map.ofEntries(
            Map.entry("dfs.heartbeat.interval", "1s"),
            Map.entry("dfs.namenode.heartbeat.recheck-interval", "1000"),
            Map.entry("dfs.namenode.redundancy.interval.seconds", "1s"),
            Map.entry("dfs.namenode.replication.work.multiplier.per.iteration", "100"),
            Map.entry("dfs.namenode.replication.max-streams", "64"),
            Map.entry("dfs.namenode.replication.max-streams-hard-limit", "128"),
            Map.entry("dfs.namenode.reconstruction.pending.timeout-sec", "10"),
            Map.entry("dfs.namenode.safemode.extension", "0"),
            Map.entry("dfs.namenode.avoid.read.stale.datanode", "true"),
            Map.entry("dfs.namenode.avoid.write.stale.datanode", "true"),
            Map.entry("dfs.namenode.stale.datanode.interval", "3000"),
            Map.entry("dfs.client.socket-timeout", "3000"),
            Map.entry("dfs.datanode.socket.write.timeout", "3000"),
            Map.entry("dfs.client.hedged.read.threadpool.size", "8"),
            Map.entry("dfs.client.hedged.read.threshold.millis", "150"),
            Map.entry("dfs.client.datanode-restart.timeout", "1s")));

    private static final int PORTS_PER_SERVER = 10;

    private final HdfsSide side;
    private final String name;
    private final int servers;
    private final int portBase;
    private final Set<Integer> away = new ConcurrentSkipListSet<>();

    HdfsFaults(HdfsSide side, String name, int servers, int portBase) {
        this.side = side;
        this.name = name;
        this.servers = servers;
        this.portBase = portBase;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() throws IOException {
        side.start();
    }

    @Override
    public Configuration configuration() {
        Configuration configuration = new Configuration();
        side.clientSettings(Location.REMOTE, Durability.PAGE_CACHE).forEach(configuration::set);
        return configuration;
    }

    @Override
    public URI uri() {
        return FileSystem.getDefaultUri(configuration());
    }

    @Override
    public void killData(int number) throws IOException {
        away.add(number);
        Signals.send("KILL", side.processes().get(number).pid());
    }

    @Override
    public void freezeData(int number) throws IOException {
        away.add(number);
        Signals.send("STOP", side.processes().get(number).pid());
    }

    @Override
    public void resumeData(int number) throws IOException {
        away.remove(number);
        Signals.send("CONT", side.processes().get(number).pid());
    }

    @Override
    public void startData(int number) throws IOException {
        away.remove(number);
        side.restartDataNode(number);
    }

    @Override
    public void restartNames() throws IOException {
        Signals.send("KILL", side.processes().get(0).pid());
        side.startNameNode();
    }

    @Override
    public boolean hasNoticed() throws IOException {
        return client().getDataNodeStats(DatanodeReportType.LIVE).length < servers;
    }

    @Override
    public boolean isWhole() throws IOException {
        if (client().getDataNodeStats(DatanodeReportType.LIVE).length < servers - away.size()) {
            return false;
        }
        RemoteIterator<LocatedFileStatus> files = client().listFiles(FaultClients.DATA, true);
        while (files.hasNext()) {
            LocatedFileStatus file = files.next();
            int copies = Math.min(file.getReplication(), servers - away.size());
            for (BlockLocation block : file.getBlockLocations()) {
                if (liveCopies(block) < copies) {
                    return false;
                }
            }
        }
        return true;
    }

    private long liveCopies(BlockLocation block) throws IOException {
        long live = 0;
        for (String address : block.getNames()) {
            if (!away.contains(number(address))) {
                live++;
            }
        }
        return live;
    }

    private int number(String address) {
        return (Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)) - portBase) / PORTS_PER_SERVER;
    }

    @Override
    public int victimOf(String openFile) throws IOException {
        BlockLocation[] blocks = client().getFileBlockLocations(new Path(openFile), 0, Long.MAX_VALUE);
        return number(blocks[blocks.length - 1].getNames()[0]);
    }

    private DistributedFileSystem client() throws IOException {
        return (DistributedFileSystem) FileSystem.get(uri(), configuration());
    }

    @Override
    public void close() {
        side.close();
    }
}
