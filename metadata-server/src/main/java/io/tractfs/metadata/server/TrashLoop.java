package io.tractfs.metadata.server;

import io.tractfs.time.Clock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that empties trash, while this server leads. Thread-safe. */
final class TrashLoop implements AutoCloseable {
    private static final long TICK_MS = 1_000;
    private static final long CLOSE_MS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(TrashLoop.class);

    private final TrashEmptier emptier;
    private final BooleanSupplier leads;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "metadata-trash-0");

    /** A loop around an emptier; {@link #start()} has to follow. */
    TrashLoop(TrashEmptier emptier, BooleanSupplier leads, Clock clock) {
        this.emptier = emptier;
        this.leads = leads;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(TICK_MS);
                if (leads.getAsBoolean()) {
                    tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A round that throws must not end the thread. */
    private void tick() throws InterruptedException {
        try {
            emptier.tick(clock.wallMs());
        } catch (RuntimeException e) {
            LOG.error("event=trash-round-failed", e);
        }
    }

    /** Ends the thread; a command under way is not waited for. */
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
