package io.tractfs.hadoop;

import io.tractfs.client.TractFsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;

/**
 * The clients of this process, shared by the file system objects with an equal {@link ClientTarget} and counted. A
 * client that nobody uses stays for the idle time, since programs open and close file systems in quick succession.
 * What is left when the process ends is closed after Hadoop has closed its file systems. Thread-safe.
 */
final class ClientPool {
    /** Below that of Hadoop's own hook that closes file systems (10), so that it runs after it. */
    private static final int SHUTDOWN_PRIORITY = 5;

    private final ClientFactory factory;
    private final ScheduledThreadPoolExecutor idleTimer;
    private final Map<ClientTarget, Shared> clients = new HashMap<>();

    /** An empty pool. */
    ClientPool(ClientFactory factory) {
        this.factory = factory;
        this.idleTimer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tractfs-client-idle");
            thread.setDaemon(true);
            return thread;
        });
        idleTimer.setKeepAliveTime(10, TimeUnit.SECONDS);
        idleTimer.allowCoreThreadTimeOut(true);
        idleTimer.setRemoveOnCancelPolicy(true);
    }

    /** The pool of this process; made at its first use. */
    static ClientPool ofProcess() {
        return Holder.POOL;
    }

    /** Takes part in the client of a target; without network. Who takes it gives it back. */
    Shared acquire(ClientTarget target) {
        synchronized (clients) {
            Shared shared = clients.computeIfAbsent(target, Shared::new);
            shared.users++;
            shared.idlePeriod++;
            return shared;
        }
    }

    /** Closes every client, used or not. */
    void close() {
        List<Shared> all;
        synchronized (clients) {
            all = new ArrayList<>(clients.values());
            clients.clear();
        }
        all.forEach(Shared::closeClient);
        idleTimer.shutdownNow();
    }

    /** Number of clients, idle ones included. */
    int size() {
        synchronized (clients) {
            return clients.size();
        }
    }

    private void giveBack(Shared shared, Duration idleTime) {
        synchronized (clients) {
            shared.users--;
            if (shared.users > 0 || idleTimer.isShutdown()) {
                return;
            }
            long period = ++shared.idlePeriod;
            idleTimer.schedule(() -> closeIfStillIdle(shared, period), idleTime.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void closeIfStillIdle(Shared shared, long period) {
        synchronized (clients) {
            if (shared.users > 0 || shared.idlePeriod != period) {
                return;
            }
            clients.remove(shared.target, shared);
        }
        shared.closeClient();
    }

    /** One client and how many use it. Thread-safe. */
    final class Shared {
        private final ClientTarget target;
        private int users;
        private long idlePeriod;
        private @Nullable TractFsClient client;

        private Shared(ClientTarget target) {
            this.target = target;
        }

        /** The client; made by the first who asks. */
        synchronized TractFsClient client() throws IOException {
            if (client == null) {
                client = factory.connect(target);
            }
            return client;
        }

        /** Ends one use. */
        void release(Duration idleTime) {
            giveBack(this, idleTime);
        }

        private synchronized void closeClient() {
            if (client != null) {
                client.close();
            }
        }
    }

    /** Puts off the pool and its shutdown hook to the first use. Immutable. */
    private static final class Holder {
        static final ClientPool POOL = create();

        private static ClientPool create() {
            ClientPool pool = new ClientPool(new NetworkClientFactory());
            if (!ShutdownHookManager.get().isShutdownInProgress()) {
                ShutdownHookManager.get().addShutdownHook(pool::close, SHUTDOWN_PRIORITY);
            }
            return pool;
        }
    }
}
