package io.tractfs.tract.server;

import io.tractfs.time.Clock;
import io.tractfs.wire.checkpoint.CheckpointArchive;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.proto.CheckpointHead;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of the namespace beside a store's data, from which it can be restored when the disks of all metadata servers are
 * lost: now and then it fetches a backup from the metadata server that leads, and replaces the last one when the new one is
 * whole. Owns a thread.
 */
final class NamespaceCopy implements AutoCloseable {
    /** Name of the file in the directory of the server's first store. */
    static final String FILE = "namespace.backup";

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceCopy.class);
    private static final long CLOSE_LIMIT_MS = 2_000;
    /** After a failure, and before the first copy. */
    private static final long SOON_MS = 5_000;

    private final Path file;
    private final long intervalMs;
    private final RpcClient client;
    private final Supplier<Optional<HostPort>> leader;
    private final Clock clock;
    private final Thread thread;
    private final BlockingQueue<Boolean> closing = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    /**
     * A copy that is not kept yet.
     *
     * @param intervalMs time between copies; 0 for none
     * @param leader where the metadata server that leads is
     */
    NamespaceCopy(
            String server,
            Path directory,
            long intervalMs,
            RpcClient client,
            Supplier<Optional<HostPort>> leader,
            Clock clock) {
        this.file = directory.resolve(FILE);
        this.intervalMs = intervalMs;
        this.client = client;
        this.leader = leader;
        this.clock = clock;
        this.thread = new Thread(this::run, server + "-namespace-copy-0");
        this.thread.setDaemon(true);
    }

    void start() {
        if (intervalMs > 0) {
            thread.start();
        }
    }

    private void run() {
        try {
            long wait = Math.min(SOON_MS, intervalMs);
            while (!closed && closing.poll(wait, TimeUnit.MILLISECONDS) == null) {
                wait = copy() ? intervalMs : Math.min(SOON_MS, intervalMs);
            }
        } catch (InterruptedException e) {
            LOG.debug("event=namespace-copy-ended");
        }
    }

    private boolean copy() {
        Optional<HostPort> from = leader.get();
        if (from.isEmpty()) {
            return false;
        }
        long begun = clock.monotonicMs();
        try (CheckpointArchive archive = new CheckpointArchive(file)) {
            CheckpointHead head = new CheckpointProxy(client, from.get()).fetch(archive);
            LOG.info(
                    "event=namespace-copied file={} bytes={} index={} ms={}",
                    file,
                    Files.size(file),
                    head.getAppliedIndex(),
                    clock.monotonicMs() - begun);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.info("event=namespace-not-copied file={} reason=\"{}\"", file, e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        closing.add(Boolean.TRUE);
        try {
            thread.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
