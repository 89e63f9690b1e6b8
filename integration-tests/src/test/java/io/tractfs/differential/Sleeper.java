package io.tractfs.differential;

import io.tractfs.differential.Actor.Session;
import java.io.IOException;
import java.util.Collection;
import org.apache.hadoop.fs.FSDataOutputStream;

/** A client of one run alone that may stop renewing its leases, as one does that is frozen. Not thread-safe. */
interface Sleeper extends AutoCloseable {
    /** What it works with while it is awake. */
    Session session();

    /**
     * It renews nothing any more.
     *
     * @param streams what it has open
     */
    void fallAsleep(Collection<FSDataOutputStream> streams) throws IOException;

    /** Returns once the soft limit of its leases is over; it is asleep. */
    void outlastSoftLimit() throws IOException;

    /** Undoes what renewed its leases while it slept, if anything did. */
    void stayAsleep() throws IOException;

    /** It renews again, and has done so when this returns. */
    void wake() throws IOException;

    @Override
    void close() throws IOException;
}
