package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.hdfs.DFSClientAdapter;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.server.namenode.LeaseManager;
import org.apache.hadoop.util.Time;

/**
 * A client of HDFS that may stop renewing. Nobody waits for the soft limit: its leases are made as old in the name node,
 * which is in this JVM. Not thread-safe.
 */
final class HdfsSleeper implements Sleeper {
    private static final long SOFT_LIMIT_AND_MORE_MS = 70_000;

    private final HdfsSubject hdfs;
    private final Session session;
    private final Set<String> holders = new LinkedHashSet<>();

    HdfsSleeper(HdfsSubject hdfs, Configuration configuration) throws IOException {
        this.hdfs = hdfs;
        this.session = Actor.SLEEPER.open(configuration);
    }

    @Override
    public Session session() {
        return session;
    }

    /** Both of its faces have one renewer, since they have one user. */
    @Override
    public void fallAsleep(Collection<FSDataOutputStream> streams) throws IOException {
        DFSClientAdapter.stopLeaseRenewer((DistributedFileSystem) session.files());
        for (FSDataOutputStream stream : streams) {
            // Others may hold what was taken from it before.
            if (hdfs.isHeldBy(stream)) {
                hdfs.holderOf(stream).ifPresent(holders::add);
            }
        }
    }

    @Override
    public void outlastSoftLimit() throws IOException {
        setRenewed(Time.monotonicNow() - SOFT_LIMIT_AND_MORE_MS);
    }

    /** A stream of the client that loses its file may begin to renew what the client has left. */
    @Override
    public void stayAsleep() throws IOException {
        setRenewed(Time.monotonicNow() - SOFT_LIMIT_AND_MORE_MS);
    }

    @Override
    public void wake() throws IOException {
        setRenewed(Time.monotonicNow());
        holders.clear();
    }

    private void setRenewed(long timeMs) throws IOException {
        LeaseManager leases = hdfs.leases();
        try {
            Method find = LeaseManager.class.getDeclaredMethod("getLease", String.class);
            find.setAccessible(true);
            synchronized (leases) {
                for (String holder : holders) {
                    Optional<Object> lease = Optional.ofNullable(find.invoke(leases, holder));
                    if (lease.isPresent()) {
                        Field renewed = lease.get().getClass().getDeclaredField("lastUpdate");
                        renewed.setAccessible(true);
                        renewed.setLong(lease.get(), timeMs);
                    }
                }
            }
        } catch (NoSuchMethodException | NoSuchFieldException | IllegalAccessException | InvocationTargetException e) {
            throw new IOException("The leases of HDFS cannot be reached", e);
        }
    }

    @Override
    public void close() throws IOException {
        session.files().close();
    }
}
