package io.tractfs.metadata.raft;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.Call;
import io.tractfs.metadata.namespace.NamespaceLimits;
import io.tractfs.metadata.namespace.Result;
import io.tractfs.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls together into entries, so that the log's cost is paid per batch. It has no thread: calls are logged by the
 * thread that brings them, or, while enough entries are in flight, by the one that ends an entry. Calls that are announced
 * by {@link #submit(Call, Executor)} wait for others that arrived with them. A second entry begins while one is synced only
 * if it has as many calls as are in flight: an entry costs as much as several calls, and small ones would follow each
 * other. Stamps the time, which never goes back. Thread-safe.
 */
final class CommandBatcher implements AutoCloseable {
    private final EntrySink sink;
    private final BatchLimits limits;
    private final long retentionMs;
    private final NamespaceLimits namespaceLimits;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<PendingCall> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int inFlight;
    /** Calls of the entries in flight. */
    private int callsInFlight;
    /** Whether a thread takes calls from the queue into the log: one at a time, so that their order is kept. */
    private boolean appending;
    /** Whether somebody is going to call {@link #flush()}. */
    private boolean flushAnnounced;

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
    }

    /** Logs what was submitted so far, and from now on what is submitted. */
    void start() {
        lock.lock();
        try {
            started = true;
        } finally {
            lock.unlock();
        }
        flush();
    }

    /** Queues a call, and logs what waits. */
    CompletableFuture<Result> submit(Call call) {
        PendingCall pending = new PendingCall(call, Runnable::run);
        TractException refusal = enqueue(pending);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        flush();
        return pending.result();
    }

    /**
     * Queues a call that is logged with others which come until a task of the executor is run, and has its result
     * completed by the executor.
     *
     * @param later runs tasks soon, on the submitting thread or another
     */
    CompletableFuture<Result> submit(Call call, Executor later) {
        PendingCall pending = new PendingCall(call, later);
        TractException refusal = enqueue(pending);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        if (announceFlush()) {
            try {
                later.execute(this::flush);
            } catch (RejectedExecutionException e) {
                flush();
            }
        }
        return pending.result();
    }

    private boolean announceFlush() {
        lock.lock();
        try {
            boolean first = !flushAnnounced;
            flushAnnounced = true;
            return first;
        } finally {
            lock.unlock();
        }
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
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Logs what waits, as far as it may be in flight. */
    void flush() {
        for (PendingEntry entry = next(); entry != null; entry = next()) {
            append(entry);
        }
    }

    private void append(PendingEntry entry) {
        CompletableFuture<Void> end;
        try {
            end = sink.append(entry);
        } catch (RuntimeException e) {
            end = CompletableFuture.failedFuture(e);
        }
        lock.lock();
        try {
            appending = false;
        } finally {
            lock.unlock();
        }
        end.whenComplete((unused, error) -> {
            if (error != null) {
                entry.fail(error);
            }
            ended(entry);
            flush();
        });
    }

    private void ended(PendingEntry entry) {
        lock.lock();
        try {
            inFlight--;
            callsInFlight -= entry.calls().size();
        } finally {
            lock.unlock();
        }
    }

    /** The entry to be logged now; null if there is none, or another thread appends one and will come for it. */
    private @Nullable PendingEntry next() {
        lock.lock();
        try {
            flushAnnounced = false;
            boolean ready = started && !closed && !appending && !queue.isEmpty();
            boolean worthwhile = inFlight == 0 || (inFlight < limits.inFlight() && queue.size() >= callsInFlight);
            return ready && worthwhile ? take() : null;
        } finally {
            lock.unlock();
        }
    }

    /** The next entry, from then on in flight; whoever takes it appends it. */
    private PendingEntry take() {
        appending = true;
        inFlight++;
        lastTimeMs = Math.max(lastTimeMs, clock.wallMs());
        List<PendingCall> calls = drain();
        callsInFlight += calls.size();
        return new PendingEntry(lastTimeMs, retentionMs, namespaceLimits, calls);
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

    /** Fails what waits. */
    @Override
    public void close() {
        List<PendingCall> left;
        lock.lock();
        try {
            closed = true;
            left = new ArrayList<>(queue);
            queue.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(call -> call.result().completeExceptionally(closedError()));
    }
}
