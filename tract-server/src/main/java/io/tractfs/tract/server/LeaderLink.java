package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.server.HeldReports.Batch;
import io.tractfs.tract.server.MetadataSession.Leader;
import io.tractfs.tract.store.RowLedger.LeaderPoint;
import io.tractfs.wire.proto.HeartbeatResponse;
import io.tractfs.wire.proto.ReportHeldResponse;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Methods;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to one leader since one registration. Heartbeats go out on time though earlier ones, or a report, have yet
 * to be answered: a busy leader must not take a busy server for a dead one. Thread-safe.
 */
final class LeaderLink {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLink.class);
    private static final long HEARTBEAT_TIMEOUT_MS = 2_000;
    private static final long REPORT_TIMEOUT_MS = 5_000;
    private static final int MOST_UNANSWERED = 8;
    /** So many heartbeats in a row have no answer in time before the leader counts as lost. */
    private static final int MOST_SILENT = 3;
    /** The same where another metadata server may lead meanwhile: sooner, since looking costs little. */
    private static final long SHORT_TIMEOUT_MS = 900;

    private final HostPort address;
    private final MetadataProxy proxy;
    private final Registration registration;
    private final HeldReports reports;
    private final Consumer<Leader> heard;
    private final Runnable wake;
    private final long timeoutMs;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger silent = new AtomicInteger();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private volatile boolean askedAgain;
    private volatile @Nullable TractException trouble;

    /**
     * A link without calls.
     *
     * @param heard told of each heartbeat's answer
     * @param wake called when there is something to look at
     * @param alone whether no other server could lead
     */
    LeaderLink(
            HostPort address,
            MetadataProxy proxy,
            Registration registration,
            HeldReports reports,
            Consumer<Leader> heard,
            Runnable wake,
            boolean alone) {
        this.address = address;
        this.proxy = proxy;
        this.registration = registration;
        this.reports = reports;
        this.heard = heard;
        this.wake = wake;
        this.timeoutMs = alone ? HEARTBEAT_TIMEOUT_MS : SHORT_TIMEOUT_MS;
    }

    HostPort address() {
        return address;
    }

    /** Whether the leader wants the server to register again. */
    boolean isAskedAgain() {
        return askedAgain;
    }

    /** Why the leader counts as lost; empty while it does not. */
    Optional<TractException> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Sends a sign of life, unless too many are unanswered. */
    void heartbeat() {
        if (unanswered.get() >= MOST_UNANSWERED) {
            return;
        }
        unanswered.incrementAndGet();
        proxy.send(address, Methods.HEARTBEAT, registration.heartbeat(false), timeoutMs)
                .whenComplete((response, failure) -> {
                    unanswered.decrementAndGet();
                    if (failure == null) {
                        answered(response);
                    } else {
                        failed(Failures.of(failure));
                    }
                });
    }

    /** Sends a batch of what is to be reported, unless one is under way; what comes meanwhile makes the next batch. */
    void report() {
        if (!reporting.compareAndSet(false, true)) {
            return;
        }
        Optional<Batch> batch = reports.take();
        if (batch.isEmpty()) {
            reporting.set(false);
            return;
        }
        proxy.send(address, Methods.REPORT_HELD, batch.get().encode(), REPORT_TIMEOUT_MS)
                .whenComplete((response, failure) -> reported(batch.get(), failure, response));
    }

    private void reported(Batch batch, @Nullable Throwable failure, @Nullable ReportHeldResponse ignored) {
        if (failure != null) {
            undelivered(batch, Failures.of(failure));
        }
        reporting.set(false);
    }

    /** A leader that does not know the store gets the batch after its registration; of one that failed nobody wants any. */
    private void undelivered(Batch batch, TractException failure) {
        boolean unknown = failure.code() == ErrorCode.UNKNOWN_STORE;
        if (!unknown || registration.announces(batch.store())) {
            reports.putBack(batch);
        }
        if (unknown) {
            askedAgain = true;
            wake.run();
        } else {
            failed(failure);
        }
    }

    private void answered(HeartbeatResponse response) {
        silent.set(0);
        heard.accept(new Leader(address, response.getGarbageHead(), point(response), response.getTrashMayGo()));
        if (response.getUnknownStoresCount() > 0) {
            askedAgain = true;
            wake.run();
        }
    }

    private static Optional<LeaderPoint> point(HeartbeatResponse response) {
        if (response.getPoint().getEpoch() == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(ControlHandlers.point(response.getPoint()));
        } catch (TractException e) {
            LOG.warn("event=leader-point-malformed reason={}", e.getMessage());
            return Optional.empty();
        }
    }

    private void failed(TractException failure) {
        if (failure.code() == ErrorCode.BUSY
                || (failure.code() == ErrorCode.DEADLINE_EXCEEDED && silent.incrementAndGet() < MOST_SILENT)) {
            return;
        }
        trouble = failure;
        wake.run();
    }
}
