package io.tractfs.client.pool;

import io.tractfs.client.read.BufferBudget;
import io.tractfs.client.transport.Timer;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.EventLoops;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one JVM share. Thousands of clients may come and go: those of one cluster and identity use the
 * same connections, all use the same few threads, which are daemons. What nobody has used for the idle time is closed,
 * event loops included. Thread-safe.
 */
public final class ClientPool {
    private static final class Shared {
        private static final ClientPool POOL = new ClientPool(Clock.SYSTEM);
    }

    private final Clock clock;
    private final PoolTimer timer = new PoolTimer();
    private final BufferBudget budget = new BufferBudget();
    private final Map<PoolKey, Entry> entries = new HashMap<>();
    private @Nullable EventLoops loops;

    private static final class Entry {
        private final SharedCluster cluster;
        private int users;
        /** Counts the times that it became unused, so that a late check knows whether it was used since. */
        private long idleCount;

        private Entry(SharedCluster cluster) {
            this.cluster = cluster;
        }
    }

    /** A pool of its own, for tests; programs use {@link #process()}. */
    public ClientPool(Clock clock) {
        this.clock = clock;
    }

    /** The pool of this JVM. */
    public static ClientPool process() {
        return Shared.POOL;
    }

    /** Delayed tasks of all clients. */
    public Timer timer() {
        return timer;
    }

    /** Time. */
    public Clock clock() {
        return clock;
    }

    /** Read-ahead of all streams. */
    public BufferBudget budget() {
        return budget;
    }

    /** One client's use of the shared parts. */
    public interface Use extends AutoCloseable {
        /** The parts. */
        SharedCluster cluster();

        /** Ends the use; twice is a no-op. */
        @Override
        void close();
    }

    /** Takes the parts of a key into use; connects to nothing. */
    public synchronized Use use(PoolKey key) {
        EventLoops shared = loops;
        if (shared == null) {
            shared = new EventLoops(
                    "tractfs-client", key.config().ioThreads(), key.config().spinMicros());
            loops = shared;
        }
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(new SharedCluster(key, shared, timer, clock));
            entries.put(key, entry);
        }
        entry.users++;
        return new CountedUse(key, entry);
    }

    private final class CountedUse implements Use {
        private final PoolKey key;
        private final Entry entry;
        private final AtomicBoolean ended = new AtomicBoolean();

        private CountedUse(PoolKey key, Entry entry) {
            this.key = key;
            this.entry = entry;
        }

        @Override
        public SharedCluster cluster() {
            return entry.cluster;
        }

        @Override
        public void close() {
            if (ended.compareAndSet(false, true)) {
                leave(key, entry);
            }
        }
    }

    private void leave(PoolKey key, Entry entry) {
        long count;
        synchronized (this) {
            entry.users--;
            if (entry.users > 0) {
                return;
            }
            count = ++entry.idleCount;
        }
        long idleMs = key.config().idleMs();
        if (idleMs == 0) {
            closeIfIdle(key, entry, count);
        } else {
            Timer.Cancellation unused = timer.after(idleMs, () -> closeIfIdle(key, entry, count));
        }
    }

    private void closeIfIdle(PoolKey key, Entry entry, long count) {
        EventLoops unusedLoops = null;
        synchronized (this) {
            if (entry.users > 0 || entry.idleCount != count || !entries.remove(key, entry)) {
                return;
            }
            if (entries.isEmpty()) {
                unusedLoops = loops;
                loops = null;
            }
        }
        entry.cluster.close();
        if (unusedLoops != null) {
            closeLater(unusedLoops);
        }
    }

    /** Closing loops waits for their threads, which the timer must not do. */
    private static void closeLater(EventLoops unusedLoops) {
        Thread closer = new Thread(unusedLoops::close, "tractfs-client-closer");
        closer.setDaemon(true);
        closer.start();
    }

    /** Clusters in use or not yet idle for long. */
    public synchronized int clusterCount() {
        return entries.size();
    }

    /** Closes all connections and ends all threads, whoever still uses them: the process ends, or a test. */
    public void close() {
        List<Entry> left;
        @Nullable EventLoops last;
        synchronized (this) {
            left = List.copyOf(entries.values());
            entries.clear();
            last = loops;
            loops = null;
        }
        left.forEach(entry -> entry.cluster.close());
        if (last != null) {
            last.close();
        }
        timer.close();
    }
}
