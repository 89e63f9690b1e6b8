package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import io.tractfs.testkit.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LeaseRecoverable;

/** TractFS as a cluster of processes. Thread-safe. */
final class TractSubject implements Subject {
    private final Map<Actor, Session> sessions = new EnumMap<>(Actor.class);
    private final Runnable end;

    /** Takes a cluster that runs already, and ends it in the end. */
    TractSubject(Configuration cluster, Runnable end) throws IOException {
        this.end = end;
        for (Actor actor : Actor.values()) {
            sessions.put(actor, actor.open(cluster));
        }
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

    /** HDFS is asked. */
    @Override
    public boolean isHeldBy(FSDataOutputStream stream) {
        return true;
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
