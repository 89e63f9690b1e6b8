package io.tractfs.metadata.raft;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.LogCodec;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls together into entries: calls that arrive while the allowed number of entries is in flight go into the next
 * one, so the log's cost is paid per batch. A call that finds nothing in flight is logged by its own thread: it waits for
 * no other thread to wake up. Stamps the time, which never goes back. Owns the thread {@code metadata-log-1}, begun by
 * {@link #start()}. Thread-safe.
 */
final class CommandBatcher implements AutoCloseable {
    private final EntrySink sink;
    private final BatchLimits limits;
    private final long retentionMs;
    private final NamespaceLimits namespaceLimits;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "metadata-log-1");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<PendingCall> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int inFlight;
    /** Whether a thread takes calls from the queue into the log: one at a time, so that their order is kept. */
    private boolean appending;

    private boolean started;
    private boolean closed;
    private long lastTimeMs;

    /** Where entries go. */
    @FunctionalInterface
    interface EntrySink {
        /**
         * Logs an entry, and completes its calls when it is applied. The future ends when the entry is applied, or fails
         * with what its calls are to fail with.
         */
        CompletableFuture<Void> append(PendingEntry entry);
    }

    /** Batches into a sink; {@link #start()} has to follow. */
    CommandBatcher(EntrySink sink, BatchLimits limits, long retentionMs, NamespaceLimits namespaceLimits, Clock clock) {
        this.sink = sink;
        this.limits = limits;
        this.retentionMs = retentionMs;
        this.namespaceLimits = namespaceLimits;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
        lock.lock();
        try {
            started = true;
        } finally {
            lock.unlock();
        }
    }

    /** Queues a call. */
    CompletableFuture<Result> submit(Call call) {
        PendingCall pending = new PendingCall(call, LogCodec.encode(call), new CompletableFuture<>());
        TractException refusal = enqueue(pending);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        PendingEntry alone = nextIfIdle();
        if (alone != null) {
            append(alone);
        }
        return pending.result();
    }

    private @Nullable TractException enqueue(PendingCall pending) {
        if (pending.sizeBytes() > limits.callBytes()) {
            return new TractException(
                    ErrorCode.TOO_LARGE,
                    "A command of " + pending.sizeBytes() + " bytes is over the limit of " + limits.callBytes());
        }
        lock.lock();
        try {
            if (closed) {
                return closedError();
            }
            if (queue.size() >= limits.queuedCalls() || queuedBytes + pending.sizeBytes() > limits.queuedBytes()) {
                return new TractException(
                        ErrorCode.BUSY,
                        "The log's queue is full: " + queue.size() + " commands, " + queuedBytes + " bytes");
            }
            queue.add(pending);
            queuedBytes += pending.sizeBytes();
            if (queue.size() == 1 && (appending || inFlight > 0)) {
                changed.signal();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (PendingEntry entry = next(); entry != null; entry = next()) {
            append(entry);
        }
    }

    private void append(PendingEntry entry) {
        CompletableFuture<Void> end = sink.append(entry);
        locked(() -> appending = false);
        end.whenComplete((unused, error) -> {
            if (error != null) {
                entry.fail(error);
            }
            locked(() -> inFlight--);
        });
    }

    /** Changes what the thread waits for. */
    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            if (!queue.isEmpty()) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What waits, if nothing is in flight; null if it is left to the thread. */
    private @Nullable PendingEntry nextIfIdle() {
        lock.lock();
        try {
            boolean idle = started && !closed && !appending && inFlight == 0 && !queue.isEmpty();
            return idle ? take() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for calls and a place in flight; null once closed. */
    private @Nullable PendingEntry next() {
        lock.lock();
        try {
            while (!closed && (queue.isEmpty() || appending || inFlight >= limits.inFlight())) {
                changed.awaitUninterruptibly();
            }
            return closed ? null : take();
        } finally {
            lock.unlock();
        }
    }

    /** The next entry, from then on in flight; whoever takes it appends it. */
    private PendingEntry take() {
        appending = true;
        inFlight++;
        lastTimeMs = Math.max(lastTimeMs, clock.wallMs());
        return new PendingEntry(lastTimeMs, retentionMs, namespaceLimits, drain());
    }

    private List<PendingCall> drain() {
        List<PendingCall> calls = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && calls.size() < limits.entryCalls()) {
            int size = queue.element().sizeBytes();
            if (!calls.isEmpty() && bytes + size > limits.entryBytes()) {
                break;
            }
            bytes += size;
            calls.add(queue.remove());
        }
        queuedBytes -= bytes;
        return calls;
    }

    private static TractException closedError() {
        return new TractException(ErrorCode.SHUTTING_DOWN, "The metadata server is stopping");
    }

    /** Fails what waits, and ends the thread. */
    @Override
    public void close() {
        List<PendingCall> left;
        lock.lock();
        try {
            closed = true;
            left = new ArrayList<>(queue);
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(call -> call.result().completeExceptionally(closedError()));
    }
}
