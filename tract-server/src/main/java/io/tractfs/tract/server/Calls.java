package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.wire.rpc.Exchange;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a call off the event loop: runs its work on a store's thread, turns what it throws into the answer, and releases
 * the request's body in any case. Thread-safe.
 */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final TractServerMetrics metrics;

    Calls(TractServerMetrics metrics) {
        this.metrics = metrics;
    }

    /** Finds where a call runs and what it does; runs on the event loop, so it only looks things up. */
    interface Route {
        /** Hands the work over with {@code run}. */
        void to(Runner run) throws TractException;
    }

    /** Takes work for an executor. */
    interface Runner {
        /** The work answers the exchange or throws. */
        void on(Executor executor, Work work);
    }

    /** What a call does on the store's thread. */
    interface Work {
        /** Answers the exchange now or later, or throws before it has. */
        void run() throws TractException;
    }

    /** Serves one call. */
    void serve(Exchange<?, ?> exchange, Route route) {
        try {
            route.to((executor, work) -> hand(exchange, executor, work));
        } catch (TractException e) {
            exchange.body().release();
            fail(exchange, e);
        }
    }

    /** Answers with an error. */
    void fail(Exchange<?, ?> exchange, TractException error) {
        metrics.refused(error.code());
        exchange.fail(error);
    }

    private void hand(Exchange<?, ?> exchange, Executor executor, Work work) {
        try {
            executor.execute(() -> run(exchange, work));
        } catch (RejectedExecutionException e) {
            exchange.body().release();
            fail(exchange, new TractException(ErrorCode.BUSY, "the store's queue is full", e));
        }
    }

    private void run(Exchange<?, ?> exchange, Work work) {
        try {
            if (exchange.isExpired()) {
                throw new TractException(
                        ErrorCode.EXPIRED_BEFORE_START, "the caller's time was over before its turn came");
            }
            work.run();
        } catch (TractException e) {
            fail(exchange, e);
        } catch (RuntimeException e) {
            LOG.error(
                    "event=call-failed message={}",
                    exchange.message().getClass().getSimpleName(),
                    e);
            fail(exchange, new TractException(ErrorCode.INTERNAL, "unexpected: " + e, e));
        } finally {
            exchange.body().release();
        }
    }
}
