package io.tractfs.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tractfs.differential.Actor.Session;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DFSOutputStream;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.client.HdfsDataInputStream;
import org.apache.hadoop.hdfs.server.common.HdfsServerConstants.BlockUCState;
import org.apache.hadoop.hdfs.server.namenode.FileUnderConstructionFeature;
import org.apache.hadoop.hdfs.server.namenode.INode;
import org.apache.hadoop.hdfs.server.namenode.INodeFile;
import org.apache.hadoop.hdfs.server.namenode.LeaseManager;
import org.apache.hadoop.hdfs.server.namenode.NameNodeAdapter;
import org.apache.hadoop.security.Groups;
import org.apache.hadoop.security.UserGroupInformation;

/** HDFS in this JVM: a name node and one data node. Thread-safe. */
final class HdfsSubject implements Subject {
    private final MiniDFSCluster cluster;
    private final DistributedFileSystem superuser;
    private final Map<Actor, Session> sessions = new EnumMap<>(Actor.class);
    private final Configuration client;
    /** Who held each stream's file when it was first asked for. */
    private final Map<FSDataOutputStream, String> holders = Collections.synchronizedMap(new WeakHashMap<>());

    /** Starts it below a directory. */
    HdfsSubject(File directory) throws IOException {
        Configuration configuration = new HdfsConfiguration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.getPath());
        configuration.set(Actor.GROUPS_KEY, Actor.groupMapping());
        // Small blocks, so that files have several.
        configuration.setLong("dfs.namenode.fs-limits.min-block-size", Sizes.LEAST_BLOCK);
        configuration.setLong("dfs.blocksize", Sizes.BLOCK);
        // One data node takes every copy there is.
        configuration.set("dfs.client.block.write.replace-datanode-on-failure.policy", "NEVER");
        // Otherwise each close may wait 400 ms for a report that comes in 3.
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 3);
        configuration.setInt("dfs.client.block.write.locateFollowingBlock.retries", 12);
        configuration.setInt("dfs.heartbeat.interval", 1);
        // Reads leave access times alone; setTimes, which 0 would forbid, sets them.
        configuration.setLong("dfs.namenode.accesstime.precision", Long.MAX_VALUE / 4);
        Actor.PROXY_SETTINGS.forEach(configuration::set);
        Groups.getUserToGroupsMappingServiceWithLoadedConfiguration(configuration);
        UserGroupInformation.setConfiguration(configuration);
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
        superuser = cluster.getFileSystem();
        client = new Configuration(cluster.getConfiguration(0));
        // The cluster has set it to the number of its data nodes.
        client.setInt("dfs.replication", Sizes.REPLICATION);
        for (Actor actor : Actor.EVERYBODY) {
            sessions.put(actor, actor.open(client));
        }
    }

    @Override
    public String name() {
        return "HDFS";
    }

    @Override
    public Session session(Actor actor) {
        return Objects.requireNonNull(sessions.get(actor));
    }

    @Override
    public boolean isOpen(FileStatus file) throws IOException {
        return file.isFile() && !superuser.isFileClosed(file.getPath());
    }

    /** HDFS's status leaves out the last block of an open file, which its readers see. */
    @Override
    public long visibleLength(FileStatus file) throws IOException {
        if (!isOpen(file)) {
            return file.getLen();
        }
        try (FSDataInputStream in = superuser.open(file.getPath())) {
            return ((HdfsDataInputStream) in).getVisibleLength();
        }
    }

    @Override
    public Sleeper sleeper() throws IOException {
        return new HdfsSleeper(this, client);
    }

    @Override
    public boolean isHeldBy(FSDataOutputStream stream) {
        Optional<String> now = holderOf(stream);
        return now.isPresent() && now.get().equals(holders.computeIfAbsent(stream, unused -> now.get()));
    }

    @Override
    public boolean isBeingTaken(FSDataOutputStream stream) {
        return Optional.ofNullable(cluster.getNamesystem().getFSDirectory().getInode(fileId(stream)))
                .map(INode::asFile)
                .filter(INodeFile::isUnderConstruction)
                .map(INodeFile::getLastBlock)
                .filter(block -> block.getBlockUCState() == BlockUCState.UNDER_RECOVERY)
                .isPresent();
    }

    @Override
    public Path lastingName(FSDataOutputStream stream, Path path) {
        return new Path("/.reserved/.inodes/" + fileId(stream));
    }

    /** Name of the client that holds a stream's file, which need not be the stream's; empty if nobody does. */
    Optional<String> holderOf(FSDataOutputStream stream) {
        return Optional.ofNullable(cluster.getNamesystem().getFSDirectory().getInode(fileId(stream)))
                .map(inode -> inode.asFile().getFileUnderConstructionFeature())
                .map(FileUnderConstructionFeature::getClientName);
    }

    /** The leases of all. */
    LeaseManager leases() {
        return NameNodeAdapter.getLeaseManager(cluster.getNamesystem());
    }

    private static long fileId(FSDataOutputStream stream) {
        return ((DFSOutputStream) stream.getWrappedStream()).getFileId();
    }

    /** HDFS compares names by signed bytes, so that those which are not ASCII come first. */
    @Override
    public void order(FileStatus[] listing) {
        Arrays.sort(
                listing,
                Comparator.comparing(status -> status.getPath().getName().getBytes(UTF_8), Arrays::compareUnsigned));
    }

    @Override
    public void hurry() throws IOException {
        cluster.triggerHeartbeats();
    }

    @Override
    public void close() {
        for (Session session : sessions.values()) {
            try {
                session.files().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cluster.shutdown(true);
    }
}
