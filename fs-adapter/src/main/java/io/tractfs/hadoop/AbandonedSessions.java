package io.tractfs.hadoop;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what belongs to sessions that nobody closed and that were collected, as those of {@code FileContext} are. Has a
 * daemon thread only while there is something to watch, so that a program which closes its file systems keeps none.
 * Thread-safe.
 */
final class AbandonedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedSessions.class);
    private static final AbandonedSessions PROCESS = new AbandonedSessions();

    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Set<Watch> watches = new HashSet<>();
    private @Nullable Thread thread;

    private AbandonedSessions() {}

    /** Those of this process. */
    static AbandonedSessions process() {
        return PROCESS;
    }

    /** The watch over one session. */
    final class Watch extends PhantomReference<Object> {
        private final Runnable close;

        private Watch(Object session, Runnable close) {
            super(session, collected);
            this.close = close;
        }

        /** Closes what belongs to the session, unless that is done; wakes the thread, which may have been for this only. */
        void end() {
            boolean first;
            synchronized (AbandonedSessions.this) {
                first = watches.remove(this);
            }
            if (first) {
                boolean unused = enqueue();
                close.run();
            }
        }
    }

    /**
     * Watches a session.
     *
     * @param close must not reach the session, or it would never be collected
     */
    synchronized Watch watch(Object session, Runnable close) {
        Watch watch = new Watch(session, close);
        watches.add(watch);
        if (thread == null) {
            thread = new Thread(this::run, "tractfs-client-sessions-0");
            thread.setDaemon(true);
            thread.start();
        }
        return watch;
    }

    private void run() {
        while (hasWatches()) {
            try {
                ((Watch) collected.remove()).end();
            } catch (RuntimeException e) {
                LOG.warn("event=session-not-closed", e);
            } catch (InterruptedException ignored) {
                // Nobody but the JVM's end has a reason to stop this thread, and that does not wait for it.
            }
        }
    }

    private synchronized boolean hasWatches() {
        if (watches.isEmpty()) {
            thread = null;
            return false;
        }
        return true;
    }
}
