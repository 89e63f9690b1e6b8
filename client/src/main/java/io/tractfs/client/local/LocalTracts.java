package io.tractfs.client.local;

import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.local.LocalTract.DamagedFileException;
import io.tractfs.client.transport.Timer;
import io.tractfs.id.TractId;
import io.tractfs.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tract files on this host that one client reads by itself. A store is asked once where a tract's file is; the file
 * stays open as long as it is read now and then, and at most a configured number are. Bytes of a closed length never
 * change, so an open file stays right whatever becomes of its row; each chunk is verified nonetheless. Whenever something
 * is amiss, the answer is no, and the caller reads through a store. Thread-safe.
 */
public final class LocalTracts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTracts.class);
    /** How long nothing is tried after a file could not be opened or a store did not say in time where one is. */
    private static final long PAUSE_MS = 30_000;

    private final LocalStores stores;
    private final LocalConfig config;
    private final ByteBufAllocator allocator;
    private final Timer timer;
    private final Clock clock;
    private final ConcurrentHashMap<TractId, LocalSlot> slots = new ConcurrentHashMap<>();
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile long pausedUntilMs = Long.MIN_VALUE;
    private volatile boolean closed;
    private volatile Timer.Cancellation expiry = () -> {};

    /** Nothing is open yet. */
    public LocalTracts(LocalStores stores, LocalConfig config, ByteBufAllocator allocator, Timer timer, Clock clock) {
        this.stores = stores;
        this.config = config;
        this.allocator = allocator;
        this.timer = timer;
        this.clock = clock;
    }

    /**
     * Reads a range of a tract, all of it within a closed length.
     *
     * @param target has room for it; its position moves behind the range, or stays if the answer is no
     * @return whether it was read; if not, it is to be read through a store
     */
    public boolean read(TractId tract, int replication, int offset, int length, ByteBuffer target) {
        LocalSlot slot = slot(tract, replication);
        if (slot == null) {
            return false;
        }
        LocalTract file = open(slot);
        if (file == null) {
            return false;
        }
        try {
            if ((long) offset + length > file.length()) {
                // It has grown since, or this member is short: asked anew next time.
                forget(slot);
                return false;
            }
            file.read(offset, length, target, allocator);
            return true;
        } catch (DamagedFileException e) {
            LOG.warn("event=local-read-damaged reason=\"{}\"", e.getMessage());
            stores.reportDamage(tract, replication, e.offset());
            // Kept until it expires, so that it is not asked for again at once.
            release(slot.close());
            return false;
        } catch (IOException e) {
            LOG.debug("event=local-read-failed tract={}", tract, e);
            forget(slot);
            return false;
        } finally {
            release(file);
        }
    }

    /** Asks where a tract is that is going to be read soon. */
    public void prepare(TractId tract, int replication) {
        LocalSlot unused = slot(tract, replication);
    }

    private @Nullable LocalSlot slot(TractId tract, int replication) {
        if (!config.enabled() || closed) {
            return null;
        }
        LocalSlot slot = slots.get(tract);
        if (slot == null) {
            if (clock.monotonicMs() < pausedUntilMs) {
                return null;
            }
            slot = slots.computeIfAbsent(
                    tract, key -> new LocalSlot(key, stores.locate(key, replication), clock.monotonicMs()));
            arm();
            evict();
        }
        return slot;
    }

    private @Nullable LocalTract open(LocalSlot slot) {
        try {
            LocalTract file = slot.acquire(config.askMs());
            if (file != null) {
                slot.usedAtMs = clock.monotonicMs();
            }
            return file;
        } catch (AccessDeniedException | NoSuchFileException e) {
            LOG.info("event=local-read-impossible reason=\"{}\" pauseMs={}", e.toString(), PAUSE_MS);
            pause(slot);
        } catch (LocalSlot.SlowAnswerException e) {
            LOG.info("event=local-read-impossible reason=\"{}\" pauseMs={}", e.getMessage(), PAUSE_MS);
            pause(slot);
        } catch (IOException e) {
            LOG.debug("event=local-open-failed tract={}", slot.tract, e);
            forget(slot);
        }
        return null;
    }

    private void pause(LocalSlot slot) {
        pausedUntilMs = clock.monotonicMs() + PAUSE_MS;
        forget(slot);
    }

    private void forget(LocalSlot slot) {
        slots.remove(slot.tract, slot);
        release(slot.close());
    }

    private static void release(@Nullable LocalTract file) {
        if (file == null) {
            return;
        }
        try {
            file.release();
        } catch (IOException e) {
            LOG.debug("event=local-close-failed", e);
        }
    }

    /** Closes one that was not read lately, if there are too many. */
    private void evict() {
        Iterator<LocalSlot> all = slots.values().iterator();
        while (slots.size() > config.openFiles() && all.hasNext()) {
            LocalSlot slot = all.next();
            if (!slot.spared()) {
                forget(slot);
            }
        }
    }

    private void arm() {
        if (!closed && armed.compareAndSet(false, true)) {
            expiry = timer.after(config.idleMs(), this::expire);
        }
    }

    private void expire() {
        long idleSinceMs = clock.monotonicMs() - config.idleMs();
        for (LocalSlot slot : slots.values()) {
            if (slot.usedAtMs <= idleSinceMs) {
                forget(slot);
            }
        }
        armed.set(false);
        if (!slots.isEmpty()) {
            arm();
        }
    }

    /** Files that are open or about to be. */
    int size() {
        return slots.size();
    }

    @Override
    public void close() {
        closed = true;
        expiry.cancel();
        slots.values().forEach(this::forget);
    }
}
