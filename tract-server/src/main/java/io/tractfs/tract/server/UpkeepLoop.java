package io.tractfs.tract.server;

import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.tract.server.MetadataSession.Leader;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the thread of what is not urgent: the stores' upkeep, the scrub, and the garbage log, which begins only a while after
 * registration (P32). Its methods may be called from any thread.
 */
final class UpkeepLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpkeepLoop.class);
    private static final long PAUSE_MS = 1_000;
    private static final long MS_PER_SECOND = 1_000;
    private static final int ROUNDS_PER_UPKEEP = 5;
    private static final long CLOSE_LIMIT_MS = 5_000;

    private final Stores stores;
    private final Layout layout;
    private final long scrubBytes;
    private final MetadataProxy proxy;
    private final long garbageDelayMs;
    private final Clock clock;
    private final Thread thread;
    private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
    private volatile @Nullable Leader leader;
    private volatile long registeredMs = Long.MAX_VALUE;
    private volatile boolean closed;
    private final TrashPermit trash;

    UpkeepLoop(TractServerConfig config, Stores stores, Layout layout, MetadataProxy proxy, Clock clock) {
        this.stores = stores;
        this.layout = layout;
        this.scrubBytes = config.scrubBytesPerSecond() * PAUSE_MS / MS_PER_SECOND;
        this.proxy = proxy;
        this.garbageDelayMs = config.garbageDelayMs();
        this.clock = clock;
        this.trash = new TrashPermit(clock);
        this.thread = new Thread(this::run, config.name() + "-upkeep-0");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hears of the leader. */
    void heard(Leader present) {
        if (registeredMs == Long.MAX_VALUE) {
            registeredMs = clock.monotonicMs();
        }
        leader = present;
        trash.heard(present);
    }

    /** The leader's garbage log, on behalf of a store; empty while no leader is known. */
    Optional<GarbageLog> garbageLog(ServedStore store) {
        Leader present = leader;
        return present == null
                ? Optional.empty()
                : Optional.of(new GarbageProxy(proxy, present.address(), store.ref()));
    }

    /** The leader, if it serves, was heard a moment ago, and no restore is unconfirmed. */
    Optional<Leader> confirmedLeader() {
        return trash.mayGo() ? Optional.ofNullable(leader) : Optional.empty();
    }

    /** Ends the thread, after what it does at the moment. */
    @Override
    public void close() {
        closed = true;
        wake.offer(Boolean.TRUE);
        try {
            thread.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int round = 0; !closed; round++) {
                for (ServedStore store : stores.all()) {
                    tend(store, round % ROUNDS_PER_UPKEEP == 0);
                }
                wake.poll(PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debug("event=upkeep-ended");
        }
    }

    private void tend(ServedStore store, boolean upkeep) throws InterruptedException {
        if (store.tracts().failure().isPresent()) {
            return;
        }
        attempt(store, () -> {
            store.open().renewWitness();
            store.emptier().kick();
            if (upkeep) {
                maintain(store);
            }
        });
        if (layout.rows() > 0) {
            attempt(store, () -> verify(store));
        }
        Leader present = leader;
        if (present != null) {
            attempt(store, () -> followGarbage(store, present));
        }
    }

    /** A part of the work. */
    @FunctionalInterface
    private interface Chore {
        void run() throws TractException, InterruptedException;
    }

    /** What one part comes to does not keep the others from their turn. */
    private static void attempt(ServedStore store, Chore chore) throws InterruptedException {
        try {
            chore.run();
        } catch (TractException e) {
            LOG.info("event=upkeep-paused store={} code={} reason={}", store.ref(), e.code(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=upkeep-failed store={}", store.ref(), e);
        }
    }

    private void maintain(ServedStore store) throws TractException {
        store.tracts().maintain();
        if (trash.mayGo() && store.garbage().mayPurge()) {
            store.tracts().purgeTrash();
        }
        Leader heard = leader;
        if (heard != null) {
            heard.point().ifPresent(point -> {
                CompletableFuture<Boolean> unused = store.control().saw(point);
            });
        }
    }

    private void verify(ServedStore store) throws TractException {
        store.damage().step(layout.rows(), clock.monotonicMs());
        if (scrubBytes > 0) {
            store.scrubber().step(layout.rows(), scrubBytes, clock.monotonicMs());
        }
    }

    private void followGarbage(ServedStore store, Leader present) throws TractException, InterruptedException {
        GarbageLog log = new GarbageProxy(proxy, present.address(), store.ref());
        boolean mayRemove = clock.monotonicMs() - registeredMs >= garbageDelayMs;
        if (store.garbage().mustAsk()) {
            store.garbage().ask(log, mayRemove);
        }
        store.garbage().compare();
        if (mayRemove) {
            store.garbage().follow(log, present.garbageHead());
            store.audit().step(log, clock.monotonicMs());
        }
    }
}
