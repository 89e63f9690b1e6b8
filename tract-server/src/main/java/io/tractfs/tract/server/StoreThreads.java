package io.tractfs.tract.server;

import io.tractfs.id.TractId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one store: a control loop, a reconcile loop, and threads that block on the disk, apart for reads, writes
 * and reconcile. Writes of one tract run in order, since a tract always has the same write thread. Every queue is
 * bounded; a full one rejects, and the caller is told BUSY. Thread-safe.
 */
final class StoreThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThreads.class);
    private static final int CONTROL_QUEUE = 4096;
    private static final int INSPECT_QUEUE = 64;
    private static final int RECONCILE_THREADS = 2;
    private static final long CLOSE_LIMIT_S = 10;

    private final ThreadPoolExecutor control;
    private final List<ThreadPoolExecutor> writers = new ArrayList<>();
    private final ThreadPoolExecutor readers;
    private final ThreadPoolExecutor reconcileDisk;
    private final ThreadPoolExecutor inspector;
    private final ScheduledThreadPoolExecutor reconcileLoop;

    /**
     * Threads that start with their first task.
     *
     * @param name of the store among the server's threads
     */
    StoreThreads(String name, int writeThreads, int readThreads, int queueLength) {
        control = pool(name + "-control", 1, CONTROL_QUEUE);
        for (int i = 0; i < writeThreads; i++) {
            writers.add(pool(name + "-write-" + i, 1, queueLength));
        }
        readers = pool(name + "-read", readThreads, queueLength);
        reconcileDisk = pool(name + "-reconcile-disk", RECONCILE_THREADS, queueLength);
        inspector = pool(name + "-inspect", 1, INSPECT_QUEUE);
        reconcileLoop = new ScheduledThreadPoolExecutor(1, factory(name + "-reconcile"));
        reconcileLoop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the leader's orders, one after the other. */
    Executor control() {
        return control;
    }

    /** Runs what changes a tract, in the order of submission. */
    Executor writer(TractId tract) {
        return writers.get(Math.floorMod(tract.hashCode(), writers.size()));
    }

    /** Runs what reads. */
    Executor readers() {
        return readers;
    }

    /** Runs what reconcile does on the disk. */
    Executor reconcileDisk() {
        return reconcileDisk;
    }

    /** Runs what an operator's check reads of the disk, one call at a time, so that clients are not held up. */
    Executor inspector() {
        return inspector;
    }

    /** Runs the reconcile sessions' steps; its tasks are bounded by the sessions. */
    ScheduledThreadPoolExecutor reconcileLoop() {
        return reconcileLoop;
    }

    /**
     * Lets what was accepted finish, up to ten seconds for each pool. Threads that work on the disk are never interrupted:
     * that would close the files they use.
     */
    @Override
    public void close() {
        reconcileLoop.shutdownNow();
        List<ThreadPoolExecutor> all = new ArrayList<>(writers);
        all.add(readers);
        all.add(reconcileDisk);
        all.add(inspector);
        all.add(control);
        all.forEach(ThreadPoolExecutor::shutdown);
        try {
            for (ThreadPoolExecutor pool : all) {
                if (!pool.awaitTermination(CLOSE_LIMIT_S, TimeUnit.SECONDS)) {
                    LOG.warn(
                            "event=store-threads-busy waiting={}",
                            pool.getQueue().size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queueLength) {
        return new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueLength), factory(name));
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
