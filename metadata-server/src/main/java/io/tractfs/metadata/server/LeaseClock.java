package io.tractfs.metadata.server;

import io.tractfs.id.BlobId;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Soft state of the leader: when each session renewed its leases, on the monotonic clock, counted anew by each leader
 * (P23), and how far its writers said they were acknowledged (P21). Times are arguments. Thread-safe.
 */
public final class LeaseClock {
    private final long softNanos;
    private final long hardNanos;
    private final Map<ClientId, Session> sessions = new HashMap<>();

    /** What is known of one session. Confined to the lock of the clock. */
    private static final class Session {
        private long renewedNanos;
        private Map<FileId, Acknowledged> files = Map.of();
    }

    /**
     * How far a writer was acknowledged. Immutable.
     *
     * @param file the file
     * @param generation generation of the writer
     * @param blob blob of the segment that the length is of
     * @param length bytes of that segment
     */
    public record Acknowledged(FileId file, Generation generation, BlobId blob, long length) {}

    /** A clock with HDFS's two limits. */
    public LeaseClock(long softNanos, long hardNanos) {
        this.softNanos = softNanos;
        this.hardNanos = hardNanos;
    }

    /** How long a lease lasts before another client may take the file. */
    public long softNanos() {
        return softNanos;
    }

    /** A leadership begins: every session that holds files counts as just renewed. */
    public synchronized void restart(Collection<ClientId> holders, long nowNanos) {
        sessions.clear();
        holders.forEach(holder -> renew(holder, nowNanos));
    }

    /** A session showed that it lives. */
    public synchronized void renew(ClientId session, long nowNanos) {
        sessions.computeIfAbsent(session, unused -> new Session()).renewedNanos = nowNanos;
    }

    /** A session renewed its leases and said how far its files are acknowledged. */
    public synchronized void renew(ClientId session, List<Acknowledged> files, long nowNanos) {
        renew(session, nowNanos);
        Map<FileId, Acknowledged> byId = new HashMap<>();
        files.forEach(file -> byId.put(file.file(), file));
        sessions.computeIfAbsent(session, unused -> new Session()).files = byId;
    }

    /** Whether another client may take the session's files. */
    public synchronized boolean isSoftExpired(ClientId session, long nowNanos) {
        Session known = sessions.get(session);
        return known == null || nowNanos - known.renewedNanos >= softNanos;
    }

    /** Sessions whose files the leader takes; each is named until {@link #forget}. */
    public synchronized List<ClientId> hardExpired(long nowNanos) {
        List<ClientId> expired = new ArrayList<>();
        sessions.forEach((session, known) -> {
            if (nowNanos - known.renewedNanos >= hardNanos) {
                expired.add(session);
            }
        });
        return expired;
    }

    /** Drops a session that is over. */
    public synchronized void forget(ClientId session) {
        sessions.remove(session);
    }

    /**
     * Least length of the last segment that any writer of it is known to have had acknowledged.
     *
     * @param status the file now, with segments
     */
    public synchronized long acknowledged(FileStatus status) {
        if (status.segments().isEmpty()) {
            return 0;
        }
        Segment last = status.segments().get(status.segments().size() - 1);
        long length = last.length();
        for (Session session : sessions.values()) {
            Acknowledged said = session.files.get(status.file());
            if (said != null && said.blob().equals(last.blob())) {
                length = Math.max(length, said.length());
            }
        }
        return length;
    }
}
