package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.namespace.NotInMemoryException;
import io.tractfs.metadata.raft.CommandLog;
import io.tractfs.wire.rpc.Exchange;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that read the namespace, so that no event loop waits for a disk. The queue is bounded. Thread-safe. */
public final class ReadPool implements AutoCloseable {
    /** Most reads that wait; past it {@code BUSY}. */
    static final int MAX_QUEUED = 10_000;

    private static final long CLOSE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

    private final ThreadPoolExecutor executor;

    /** A read that answers an exchange. */
    @FunctionalInterface
    public interface Read<R> {
        /** Reads. */
        R read() throws TractException;
    }

    /** A pool of so many threads, which start with the first reads. */
    public ReadPool(int threads) {
        AtomicInteger number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MAX_QUEUED), task -> {
                    Thread thread = new Thread(task, "metadata-read-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** The threads, for lookups that may block. */
    public Executor executor() {
        return executor;
    }

    /** Answers an exchange with what a read gives, unless the caller has given up meanwhile. */
    public <Q, R> void answer(Exchange<Q, R> exchange, Read<R> read) {
        try {
            executor.execute(() -> run(exchange, read));
        } catch (RejectedExecutionException e) {
            exchange.fail(new TractException(ErrorCode.BUSY, "Too many reads wait: " + MAX_QUEUED, e));
        }
    }

    /** Answers with what a read gives that begins after this server's leadership was confirmed (P35). */
    <Q, R> void answerLinearizable(CommandLog log, Exchange<Q, R> exchange, Read<R> read) {
        answerConfirmed(log.confirmLeadership(), exchange, read);
    }

    /**
     * The same for a read that memory alone mostly has: it is done in the calling thread, which must not wait, if nobody
     * has to be asked for the leadership either.
     *
     * @param inMemory reads memory alone, and fails with {@link NotInMemoryException} where that does not do
     * @param otherwise the same read, which may wait; it is done by a thread of the pool
     */
    <Q, R> void answerAtOnce(CommandLog log, Exchange<Q, R> exchange, Read<R> inMemory, Read<R> otherwise) {
        CompletableFuture<Void> confirmed = log.confirmLeadership();
        if (confirmed.isDone() && !confirmed.isCompletedExceptionally()) {
            try {
                run(exchange, inMemory);
                return;
            } catch (NotInMemoryException e) {
                LOG.trace("event=read-waits-for-disk", e);
            }
        }
        answerConfirmed(confirmed, exchange, otherwise);
    }

    private <Q, R> void answerConfirmed(CompletableFuture<Void> confirmed, Exchange<Q, R> exchange, Read<R> read) {
        if (confirmed.isDone() && !confirmed.isCompletedExceptionally()) {
            answer(exchange, read);
            return;
        }
        confirmed.whenComplete((leads, error) -> {
            if (error == null) {
                answer(exchange, read);
            } else {
                exchange.fail(WriteHandlers.failure(error));
            }
        });
    }

    private static <Q, R> void run(Exchange<Q, R> exchange, Read<R> read) {
        if (exchange.isExpired()) {
            exchange.fail(new TractException(ErrorCode.EXPIRED_BEFORE_START, "The read waited past its deadline"));
            return;
        }
        R answer;
        try {
            answer = read.read();
        } catch (TractException e) {
            exchange.fail(e);
            return;
        } catch (NotInMemoryException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("event=read-failed", e);
            exchange.fail(new TractException(ErrorCode.INTERNAL, "The read failed: " + e, e));
            return;
        }
        exchange.reply(answer);
    }

    /** Drops reads that wait, and waits a bounded time for those under way: the database is closed after this. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event=reads-still-running seconds={}", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
