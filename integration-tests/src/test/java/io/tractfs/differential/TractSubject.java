package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import io.tractfs.testkit.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Path;

/** TractFS as a cluster of processes. Thread-safe. */
final class TractSubject implements Subject {
    /** HDFS's; those who are awake must not seem to sleep when the machine is slow. */
    private static final int SOFT_LIMIT_SECONDS = Integer.getInteger("differential.soft.seconds", 60);

    private final Map<Actor, Session> sessions = new EnumMap<>(Actor.class);
    private final Configuration cluster;
    private final Runnable end;

    /** Takes a cluster that runs already, and ends it in the end. */
    TractSubject(Configuration cluster, Runnable end) throws IOException {
        this.cluster = cluster;
        this.end = end;
        for (Actor actor : Actor.EVERYBODY) {
            sessions.put(actor, actor.open(cluster));
        }
        Path home = new Path("/user/alice");
        FileSystem files = session(Actor.SUPERUSER).files();
        files.mkdirs(home);
        files.setOwner(home, "alice", null);
    }

    /** Starts a cluster of its own. */
    static TractSubject start() throws IOException {
        Map<String, String> settings = new TreeMap<>(Actor.PROXY_SETTINGS);
        settings.put(Actor.GROUPS_KEY, Actor.groupMapping());
        settings.put("tract.metadata.tract.size", Integer.toString(Sizes.TRACT));
        settings.put("tract.metadata.block.size", Integer.toString(Sizes.BLOCK));
        settings.put("tract.metadata.block.size.min", Integer.toString(Sizes.LEAST_BLOCK));
        // Reads leave access times alone, as they do in the HDFS that is compared with.
        settings.put("tract.metadata.access.time.precision", "0");
        settings.put("tract.metadata.replication", Integer.toString(Sizes.REPLICATION));
        settings.put("tract.metadata.lease.soft", SOFT_LIMIT_SECONDS + "s");
        ProcessCluster cluster = ProcessCluster.start(
                3,
                settings.entrySet().stream()
                        .flatMap(setting -> Stream.of("-D", setting.getKey() + "=" + setting.getValue()))
                        .toArray(String[]::new));
        return new TractSubject(cluster.configuration(), cluster::close);
    }

    @Override
    public String name() {
        return "TractFS";
    }

    @Override
    public Session session(Actor actor) {
        return Objects.requireNonNull(sessions.get(actor));
    }

    @Override
    public boolean isOpen(FileStatus file) throws IOException {
        return file.isFile() && !((LeaseRecoverable) session(Actor.SUPERUSER).files()).isFileClosed(file.getPath());
    }

    @Override
    public long visibleLength(FileStatus file) {
        return file.getLen();
    }

    @Override
    public Sleeper sleeper() throws IOException {
        return new TractSleeper(cluster, TimeUnit.SECONDS.toMillis(SOFT_LIMIT_SECONDS));
    }

    /** HDFS is asked. */
    @Override
    public boolean isHeldBy(FSDataOutputStream stream) {
        return true;
    }

    /** HDFS is asked. */
    @Override
    public boolean isBeingTaken(FSDataOutputStream stream) {
        return false;
    }

    @Override
    public Path lastingName(FSDataOutputStream stream, Path path) throws IOException {
        FileStatus status = session(Actor.SUPERUSER).files().getFileStatus(path);
        String[] parts = Objects.requireNonNull(((EtagSource) status).getEtag()).split("-", 2);
        return new Path("/.reserved/.inodes/" + Long.parseLong(parts[0], 16));
    }

    /** It has to be in order. */
    @Override
    public void order(FileStatus[] listing) {}

    @Override
    public void hurry() {}

    @Override
    public void close() {
        for (Session session : sessions.values()) {
            try {
                session.files().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        // Contexts have no close: what they use goes with them.
        sessions.clear();
        end.run();
    }
}
