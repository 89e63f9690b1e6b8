package io.tractfs.hadoop;

import io.tractfs.client.pool.ClientPool;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Closes the connections of the process when it ends: after Hadoop's cache has closed its file systems at priority 10, which
 * completes their open files. Loaded with the first client. Thread-safe.
 */
final class PoolShutdown {
    /** Below that of Hadoop's cache. */
    private static final int PRIORITY = 5;

    static {
        try {
            ShutdownHookManager.get().addShutdownHook(ClientPool.process()::close, PRIORITY);
        } catch (IllegalStateException ended) {
            // The process ends already, and takes its connections with it.
        }
    }

    private PoolShutdown() {}

    /** Sees to it; from the second time on a no-op. */
    static void register() {
        // The work is done when the class is initialised.
    }
}
