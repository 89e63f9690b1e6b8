package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.wire.proto.RegisterResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the thread that talks to the leader: looks for it among the configured addresses, registers, sends heartbeats and
 * reports, and begins anew when it is lost or asks for it. Its methods may be called from any thread.
 */
final class MetadataSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataSession.class);
    private static final long REGISTER_TIMEOUT_MS = 10_000;
    private static final long LEAVE_TIMEOUT_MS = 500;
    private static final long SEARCH_PAUSE_MS = 100;
    /** How long one that did not answer is passed over, if there is another. */
    private static final long AVOID_MS = 3_000;

    private static final long REFUSED_PAUSE_MS = 5_000;
    /** States that are reached within this time go out together. */
    private static final long REPORT_PAUSE_MS = 50;

    private static final long CLOSE_LIMIT_MS = 2_000;

    private final List<HostPort> addresses;
    private final Registration registration;
    private final HeldReports reports;
    private final MetadataProxy proxy;
    private final Consumer<Leader> found;
    private final Clock clock;
    private final Thread thread;
    private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
    private long intervalMs;
    private long nextHeartbeatMs;
    private long nextReportMs;
    private final long[] avoidedUntilMs;
    private int candidate;
    private volatile @Nullable LeaderLink link;
    private volatile boolean again;
    private volatile boolean closed;
    private @Nullable ErrorCode lastFailure;

    /**
     * A session that has not begun.
     *
     * @param found told of each registration and each heartbeat's answer
     */
    MetadataSession(
            TractServerConfig config,
            Registration registration,
            HeldReports reports,
            MetadataProxy proxy,
            Consumer<Leader> found,
            Clock clock) {
        this.addresses = config.metadata();
        this.avoidedUntilMs = new long[addresses.size()];
        Arrays.fill(avoidedUntilMs, Long.MIN_VALUE);
        this.intervalMs = config.heartbeatMs();
        this.registration = registration;
        this.reports = reports;
        this.proxy = proxy;
        this.found = found;
        this.clock = clock;
        this.thread = new Thread(this::run, config.name() + "-metadata-0");
        this.thread.setDaemon(true);
    }

    /**
     * The leader as it was last heard of.
     *
     * @param address where it is
     * @param garbageHead head of its garbage log
     * @param point how far its log had come, if it said so (P29)
     * @param trashMayGo whether what is old in trash may go for good (P30)
     */
    record Leader(HostPort address, long garbageHead, Optional<LeaderPoint> point, boolean trashMayGo) {}

    void start() {
        thread.start();
    }

    /** Whether a leader knows this server. */
    boolean isRegistered() {
        return link != null;
    }

    /** Registers once more: there is a leader with an epoch that was not shown, or one that asks for it. */
    void registerAgain() {
        again = true;
        wakeUp();
    }

    /** Says goodbye with a last heartbeat, as far as the leader answers at once, and ends the thread. */
    @Override
    public void close() {
        // Not interrupted: the thread may be in the middle of a store's files, which an interrupt would close.
        closed = true;
        wakeUp();
        try {
            thread.join(CLOSE_LIMIT_MS);
            LeaderLink last = link;
            if (last != null) {
                proxy.call(last.address(), Methods.HEARTBEAT, registration.heartbeat(true), LEAVE_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TractException e) {
            LOG.info("event=leave-not-announced reason={}", e.getMessage());
        }
    }

    private void wakeUp() {
        wake.offer(Boolean.TRUE);
    }

    private void run() {
        try {
            while (!closed) {
                long pauseMs = round();
                if (pauseMs > 0) {
                    wake.poll(pauseMs, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("event=metadata-session-ended");
        }
    }

    /** What is due; returns the pause until the next thing is. */
    private long round() throws InterruptedException {
        LeaderLink present = link;
        try {
            if (present == null || again || present.isAskedAgain()) {
                return register();
            }
            if (present.trouble().isPresent()) {
                return lost(present.address(), present.trouble().get());
            }
            return talk(present);
        } catch (TractException e) {
            return lost(addresses.get(candidate), e);
        } catch (RuntimeException e) {
            LOG.error("event=metadata-session-failed", e);
            return REFUSED_PAUSE_MS;
        }
    }

    private long talk(LeaderLink present) {
        long now = clock.monotonicMs();
        if (now >= nextHeartbeatMs) {
            nextHeartbeatMs = now + intervalMs;
            present.heartbeat();
        }
        if (now >= nextReportMs) {
            nextReportMs = now + REPORT_PAUSE_MS;
            present.report();
        }
        return Math.max(1, Math.min(nextHeartbeatMs, nextReportMs) - now);
    }

    private long register() throws TractException, InterruptedException {
        HostPort server = addresses.get(candidate);
        RegisterResponse response = proxy.call(server, Methods.REGISTER, registration.request(), REGISTER_TIMEOUT_MS);
        registration.accept(server, response);
        again = false;
        lastFailure = null;
        if (response.getHeartbeatMs() > 0) {
            intervalMs = response.getHeartbeatMs();
        }
        nextHeartbeatMs = clock.monotonicMs();
        link = new LeaderLink(server, proxy, registration, reports, found, this::wakeUp, addresses.size() == 1);
        found.accept(new Leader(server, response.getGarbageHead(), Optional.empty(), false));
        return 0;
    }

    private long lost(HostPort server, TractException failure) {
        if (failure.code() != lastFailure || link != null) {
            LOG.warn(
                    "event=metadata-server-lost server={} code={} reason={}",
                    server,
                    failure.code(),
                    failure.getMessage());
        }
        lastFailure = failure.code();
        link = null;
        boolean named = turn(failure);
        return switch (failure.code()) {
            case LINEAGE_MISMATCH, WRONG_CLUSTER, STORE_REFUSED, MALFORMED -> refused(failure);
            default -> named ? 1 : SEARCH_PAUSE_MS;
        };
    }

    /** Chooses whom to ask next; true if the one that failed has named another. */
    private boolean turn(TractException failure) {
        long now = clock.monotonicMs();
        switch (failure.code()) {
            case CONNECT_FAILED, CONNECTION_LOST, DEADLINE_EXCEEDED, SHUTTING_DOWN ->
                avoidedUntilMs[candidate] = now + AVOID_MS;
            case STARTING -> {
                return false; // It begins to lead.
            }
            default -> {}
        }
        int named = addresses.stream().map(HostPort::toString).toList().indexOf(failure.leader());
        if (named >= 0 && avoidedUntilMs[named] <= now) {
            candidate = named;
            return true;
        }
        int next = (candidate + 1) % addresses.size();
        for (int i = 0; i < addresses.size() && avoidedUntilMs[next] > now; i++) {
            next = (next + 1) % addresses.size();
        }
        candidate = avoidedUntilMs[next] > now ? (candidate + 1) % addresses.size() : next;
        return false;
    }

    private static long refused(TractException failure) {
        LOG.error(
                "event=metadata-server-refused code={} reason={} remedy=\"an operator has to decide\"",
                failure.code(),
                failure.getMessage());
        return REFUSED_PAUSE_MS;
    }
}
