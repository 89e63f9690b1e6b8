package io.tractfs.metadata.raft;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log short: flushes the state when enough was applied since the last time, or at an interval, and then lets
 * Ratis drop the log up to there. The flush runs beside applying. Owns the thread {@code metadata-snapshot-1}.
 * Thread-safe.
 */
final class LogCutter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogCutter.class);
    private static final long CHECK_INTERVAL_MS = 500;
    private static final long TIMEOUT_MS = 10_000;

    private final RaftServer server;
    private final RaftGroupId group;
    private final NamespaceStateMachine machine;
    private final RatisConfig config;
    private final BooleanSupplier mayFlush;
    private final FlushedMark mark;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metadata-snapshot-1");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Cuts one server's log.
     *
     * @param mayFlush whether the disk has the space that it takes: a database that ran out of it takes no more entries
     */
    LogCutter(
            RaftServer server,
            RaftGroupId group,
            NamespaceStateMachine machine,
            RatisConfig config,
            BooleanSupplier mayFlush) {
        this.server = server;
        this.group = group;
        this.machine = machine;
        this.config = config;
        this.mayFlush = mayFlush;
        this.mark = new FlushedMark(config.directory());
    }

    /** Starts looking. */
    void start() {
        executor.scheduleWithFixedDelay(
                () -> cutIf(machine.hasGrownBy(config.snapshotEntries(), config.snapshotBytes())),
                CHECK_INTERVAL_MS,
                CHECK_INTERVAL_MS,
                TimeUnit.MILLISECONDS);
        executor.scheduleWithFixedDelay(
                () -> cutIf(machine.hasGrownBy(1, Long.MAX_VALUE)),
                config.snapshotIntervalMs(),
                config.snapshotIntervalMs(),
                TimeUnit.MILLISECONDS);
    }

    private void cutIf(boolean due) {
        if (!due || !mayFlush.getAsBoolean()) {
            return;
        }
        try {
            cut();
        } catch (IOException | RuntimeException e) {
            LOG.error("event=log-not-cut reason=\"{}\"", e.toString(), e);
        }
    }

    /** Flushes the state and lets the log be cut. */
    void cut() throws IOException {
        machine.makeDurable();
        mark.write(machine.durableIndex());
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, server.getId(), group, calls.incrementAndGet(), TIMEOUT_MS, 1);
        server.snapshotManagementAsync(request).whenComplete((reply, error) -> {
            if (error != null) {
                LOG.warn("event=log-not-cut reason=\"{}\"", error.toString());
            }
        });
    }

    /** Waits a bounded time for a flush under way: the database is closed after this. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("event=flush-still-running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
