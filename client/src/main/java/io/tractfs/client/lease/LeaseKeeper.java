package io.tractfs.client.lease;

import io.tractfs.client.retry.MetadataCalls;
import io.tractfs.client.retry.RetryPolicy;
import io.tractfs.client.transport.Futures;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.FileId;
import io.tractfs.id.Generation;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.AcknowledgedLength;
import io.tractfs.wire.proto.RenewLeaseRequest;
import io.tractfs.wire.proto.RenewLeaseResponse;
import io.tractfs.wire.rpc.Methods;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one client session: renewed in the background while it has files open for writing, and judged by the
 * writer's own clock, counted from the sending of the last renewal (P23). A stream that its user dropped without
 * closing is renewed no more. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final long LEAST_INTERVAL_MS = 100;

    private final MetadataCalls calls;
    private final ClientId client;
    private final Timer timer;
    private final Clock clock;
    private final Map<FileId, Held> files = new ConcurrentHashMap<>();

    private volatile long leaseMs;
    private @Nullable CompletableFuture<Void> renewal;
    private boolean ticking;
    private Timer.@Nullable Cancellation nextTick;
    private volatile boolean closed;

    /** A session that has nothing open. */
    public LeaseKeeper(MetadataCalls calls, ClientId client, Timer timer, Clock clock) {
        this.calls = calls;
        this.client = client;
        this.timer = timer;
        this.clock = clock;
    }

    /** The session. */
    public ClientId client() {
        return client;
    }

    /** Sets the session up on first use; to be called before a file is opened for writing. */
    public void openSession() throws TractException {
        if (leaseMs == 0) {
            leaseMs = Futures.await(calls.openSession(client)).getLeaseMs();
        }
    }

    /**
     * Takes a file that was opened for writing; the answer to that call was a grant of the lease.
     *
     * @param sentMs when that call was sent, on the monotonic clock
     */
    public FileLease opened(FileId file, Generation generation, long sentMs) {
        Held held = new Held(file, generation, sentMs + leaseMs);
        files.put(file, held);
        synchronized (this) {
            if (!ticking) {
                ticking = true;
                scheduleTick();
            }
        }
        return held;
    }

    /** The lease on one file, before and while a stream uses it. */
    public interface FileLease extends WriterLease {
        /**
         * Names the stream whose acknowledged length the renewals carry; it is referred to weakly.
         *
         * @param remains run when the stream has been collected, which it must not prevent; must not block
         */
        void track(AcknowledgedSource stream, Runnable remains);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (nextTick != null) {
                nextTick.cancel();
            }
        }
        releaseDropped();
        files.clear();
    }

    private void scheduleTick() {
        nextTick = timer.after(Math.max(LEAST_INTERVAL_MS, leaseMs / RENEWALS_PER_LEASE), this::tick);
    }

    private void releaseDropped() {
        for (Held held : List.copyOf(files.values())) {
            if (held.isDropped() && files.remove(held.file, held)) {
                release(held);
            }
        }
    }

    /** What one stream leaves must not end the renewals of the others. */
    private static void release(Held held) {
        try {
            held.remains.run();
        } catch (RuntimeException | Error e) {
            LOG.error("event=stream-not-released file={}", held.file, e);
        }
    }

    private void tick() {
        releaseDropped();
        synchronized (this) {
            if (closed || files.isEmpty()) {
                ticking = false;
                return;
            }
            scheduleTick();
        }
        CompletableFuture<Void> unused = renew();
    }

    /** Sends a renewal, unless one is on its way. */
    private CompletableFuture<Void> renew() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (renewal != null) {
                return renewal;
            }
            mine = new CompletableFuture<>();
            renewal = mine;
        }
        long sentMs = clock.monotonicMs();
        List<Held> named = new ArrayList<>(files.values());
        RenewLeaseRequest.Builder request = RenewLeaseRequest.newBuilder();
        named.forEach(held -> request.addFiles(held.message()));
        try {
            CompletableFuture<Void> unused = calls.mutate(
                            Methods.RENEW_LEASE, request.build(), client, Math.max(LEAST_INTERVAL_MS, leaseMs))
                    .handle((answer, failure) -> renewed(mine, sentMs, named, answer, failure));
        } catch (RuntimeException | Error e) {
            // Not even sent, for want of memory perhaps: the next renewal must not wait for this one.
            @Nullable Void unused = renewed(mine, sentMs, named, null, e);
        }
        return mine;
    }

    private void pause() throws TractException {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Timer.Cancellation unused = timer.after(LEAST_INTERVAL_MS, () -> over.complete(true));
        boolean unusedValue = Futures.await(over);
    }

    private @Nullable Void renewed(
            CompletableFuture<Void> mine,
            long sentMs,
            List<Held> named,
            @Nullable RenewLeaseResponse answer,
            @Nullable Throwable failure) {
        synchronized (this) {
            renewal = null;
            if (answer != null) {
                leaseMs = answer.getLeaseMs() > 0 ? answer.getLeaseMs() : leaseMs;
            }
        }
        if (answer != null) {
            for (Held held : named) {
                held.term.answered(answer.getLostFilesList().contains(held.file.value()), sentMs + leaseMs);
            }
            mine.complete(null);
        } else {
            mine.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
        }
        return null;
    }

    private final class Held implements FileLease {
        private final FileId file;
        private final Generation generation;
        private volatile Runnable remains = () -> {};
        private volatile @Nullable WeakReference<AcknowledgedSource> stream;
        /** By this file's own grants: another file's may come after this one was taken. */
        private final LeaseTerm term;

        private Held(FileId file, Generation generation, long validUntilMs) {
            this.file = file;
            this.generation = generation;
            this.term = new LeaseTerm(validUntilMs);
        }

        @Override
        public void track(AcknowledgedSource tracked, Runnable itsRemains) {
            remains = itsRemains;
            stream = new WeakReference<>(tracked);
        }

        private boolean isDropped() {
            WeakReference<AcknowledgedSource> reference = stream;
            return reference != null && reference.get() == null;
        }

        private AcknowledgedLength message() {
            WeakReference<AcknowledgedSource> reference = stream;
            AcknowledgedSource source = reference == null ? null : reference.get();
            AcknowledgedLength.Builder message =
                    AcknowledgedLength.newBuilder().setFileId(file.value()).setGeneration(generation.value());
            if (source != null) {
                AcknowledgedSource.Acknowledged acknowledged = source.acknowledged();
                message.setLastSegmentLength(acknowledged.length())
                        .setBlob(acknowledged.blob().value());
            }
            return message.build();
        }

        @Override
        public boolean isHeld() {
            return term.isHeld(clock.monotonicMs());
        }

        @Override
        public void confirm() throws TractException {
            while (!isHeld()) {
                requireNotLost();
                if (closed) {
                    throw new TractException(ErrorCode.LEASE_EXPIRED, "The session was closed with file " + file);
                }
                awaitRenewal();
            }
        }

        /** A leader that cannot be reached has not taken the file from its writer: the writer waits for it (P23). */
        private void awaitRenewal() throws TractException {
            try {
                Futures.await(renew());
            } catch (TractException e) {
                if (closed || RetryPolicy.decide(e.code()) == RetryPolicy.Decision.FAIL) {
                    throw e;
                }
                LOG.warn("event=lease-not-renewed file={} reason=\"{}\"", file, e.getMessage());
                pause();
            }
        }

        @Override
        public void ask() {
            CompletableFuture<Void> unused = renew();
        }

        @Override
        public void requireNotLost() throws TractException {
            if (term.isLost()) {
                throw new TractException(
                        ErrorCode.LEASE_EXPIRED,
                        "The lease on file " + file + " was lost: it was deleted, another client took it over, or it "
                                + "was closed for its writer (generation " + generation + ")");
            }
        }

        @Override
        public void close() {
            files.remove(file, this);
        }
    }
}
