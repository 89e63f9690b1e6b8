package io.tractfs.metadata.audit;

import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audit events on a thread of its own, in the order in which they were handed over. The queue is bounded: nobody
 * waits for the log, and what finds the queue full is dropped and counted, and the number is logged. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
    /** Name of the logger that gets the lines. */
    public static final String LOGGER = "io.tractfs.audit";

    /** Most events that wait to be written. */
    public static final int MAX_QUEUED = 50_000;

    /** How long an event waits for others, to be written with it. */
    private static final long GATHER_MS = 20;

    private static final long CLOSE_MS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final BlockingQueue<AuditEvent> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final AtomicLong dropped = new AtomicLong();
    private final boolean enabled;
    private final Set<String> skipped;
    private final Consumer<String> lines;
    private final Thread thread = new Thread(this::write, "metadata-audit-0");
    private long reported;

    /**
     * An audit log that writes to a logger; {@link #start()} has to follow.
     *
     * @param enabled whether anything is written
     * @param skipped commands that are not written
     */
    public AuditLog(boolean enabled, Set<String> skipped) {
        this(enabled, skipped, LoggerFactory.getLogger(LOGGER)::info);
    }

    /** The same over a sink, which the thread of the log calls. */
    public AuditLog(boolean enabled, Set<String> skipped, Consumer<String> lines) {
        this.enabled = enabled;
        this.skipped = Set.copyOf(skipped);
        this.lines = lines;
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        if (enabled) {
            thread.start();
        }
    }

    /** Whether a command's events are wanted. */
    public boolean wants(String command) {
        return enabled && !skipped.contains(command);
    }

    /** Takes an event; never blocks. */
    public void log(AuditEvent event) {
        if (wants(event.command()) && !queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    /** Events that were lost because the queue was full. */
    public long dropped() {
        return dropped.get();
    }

    private void write() {
        try {
            while (true) {
                AuditEvent first = queue.take();
                try {
                    // Else every event would wake this thread up.
                    Thread.sleep(GATHER_MS);
                } finally {
                    write(first);
                }
                for (AuditEvent event = queue.poll(); event != null; event = queue.poll()) {
                    write(event);
                }
                reportDropped();
            }
        } catch (InterruptedException e) {
            for (AuditEvent event = queue.poll(); event != null; event = queue.poll()) {
                write(event);
            }
        }
    }

    /** An event that cannot be written is lost; it must not end the thread. */
    private void write(AuditEvent event) {
        try {
            lines.accept(event.line());
        } catch (RuntimeException e) {
            dropped.incrementAndGet();
            LOG.warn("event=audit-event-not-written command={}", event.command(), e);
        }
    }

    private void reportDropped() {
        long now = dropped.get();
        if (now > reported && queue.isEmpty()) {
            LOG.warn("event=audit-events-dropped count={} queue={}", now - reported, MAX_QUEUED);
            reported = now;
        }
    }

    /** Writes what waits, for a bounded time, and ends the thread. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
