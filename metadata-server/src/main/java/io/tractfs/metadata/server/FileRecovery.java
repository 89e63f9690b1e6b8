package io.tractfs.metadata.server;

import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.metadata.namespace.FileStatus;
import io.tractfs.metadata.namespace.Segment;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recovers files whose writers are gone (P19), each by one {@link RecoverySession}. Thread-safe. */
public final class FileRecovery implements WriterRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(FileRecovery.class);

    private static final int CLOCK_DRIFT = 20;

    private final TailMembers.Source members;
    private final CommandLog log;
    private final RecoveryTimer timer;
    private final Clock clock;
    private final BiPredicate<FileId, Generation> waiting;
    private final long leaseMs;
    private final Map<FileId, RecoverySession> sessions = new ConcurrentHashMap<>();

    /**
     * Recovers on a timer's thread.
     *
     * @param lease how long a writer may go on after a renewal
     * @param waiting whether a file still waits for the recovery of its writer under a generation; it may have been deleted
     */
    public FileRecovery(
            TailMembers.Source members,
            CommandLog log,
            RecoveryTimer timer,
            Clock clock,
            Duration lease,
            BiPredicate<FileId, Generation> waiting) {
        this.members = members;
        this.waiting = waiting;
        this.log = log;
        this.timer = timer;
        this.clock = clock;
        // Clocks do not run at quite the same speed.
        this.leaseMs = lease.toMillis() + lease.toMillis() / CLOCK_DRIFT;
    }

    /**
     * Whoever asks for a recovery that is under way waits for it: beginning anew would forget what it has found out. Whoever asks
     * for an older one was told of it late.
     */
    @Override
    public void start(FileStatus status, long acknowledgedLength) {
        sessions.compute(status.file(), (file, running) -> {
            if (running != null && running.covers(status.generation())) {
                return running;
            }
            if (running != null) {
                running.cancel();
            }
            LOG.info(
                    "event=writer-recovery-begun file={} generation={} acknowledged={}",
                    file,
                    status.generation(),
                    acknowledgedLength);
            RecoverySession session = new RecoverySession(this, status, acknowledgedLength);
            timer.execute(session::run);
            return session;
        });
    }

    @Override
    public boolean isUnderWay(FileId file) {
        return sessions.containsKey(file);
    }

    void ended(FileId file, RecoverySession session) {
        sessions.remove(file, session);
    }

    /**
     * When a writer whose generation has just been raised counts its lease as over too, on the monotonic clock: renewals
     * that it sent before were sent before now, and later ones tell it that it lost the file (P23).
     */
    long leaseOverMs() {
        return clock.monotonicMs() + leaseMs;
    }

    boolean isPast(long monotonicMs) {
        return clock.monotonicMs() >= monotonicMs;
    }

    /** The members of a segment's rows as the table names them now; null if this server does not lead. */
    @Nullable
    TailMembers members(Segment segment, Generation generation) {
        return members.of(segment, generation);
    }

    CommandLog log() {
        return log;
    }

    /** Whether a file still waits for its recovery under a generation. */
    boolean isWaiting(FileId file, Generation generation) {
        return waiting.test(file, generation);
    }

    RecoveryTimer timer() {
        return timer;
    }
}
