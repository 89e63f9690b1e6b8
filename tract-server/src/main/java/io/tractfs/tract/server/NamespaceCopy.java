package io.tractfs.tract.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.tract.server.MetadataSession.Leader;
import io.tractfs.wire.checkpoint.CheckpointProxy;
import io.tractfs.wire.proto.CheckpointHead;
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
 * whole and no worse, or at once where a byte of the last one has rotted. Owns a thread.
 */
final class NamespaceCopy implements AutoCloseable {
    /** Name of the file in the directory of the server's first store. */
    static final String FILE = "namespace.backup";

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceCopy.class);
    private static final long CLOSE_LIMIT_MS = 2_000;
    /** After a failure, and before the first copy. */
    private static final long SOON_MS = 5_000;

    /** Servers come at times of their own, so that few ask the leader at once: this part of the interval is theirs. */
    private static final int SPREAD = 4;

    private final Path file;
    private final long intervalMs;
    private final RpcClient client;
    private final Supplier<Optional<Leader>> leader;
    private final Clock clock;
    private final long ownMs;
    private final Thread thread;
    private final BlockingQueue<Boolean> closing = new LinkedBlockingQueue<>();
    private volatile boolean closed;
    private String lastFailure = "";

    /**
     * A copy that is not kept yet.
     *
     * @param intervalMs time between copies; 0 for none
     * @param leader the metadata server that leads and serves, if it was heard a moment ago and no restore is unconfirmed
     */
    NamespaceCopy(
            String server,
            Path directory,
            long intervalMs,
            RpcClient client,
            Supplier<Optional<Leader>> leader,
            Clock clock) {
        this.file = directory.resolve(FILE);
        this.intervalMs = intervalMs;
        this.client = client;
        this.leader = leader;
        this.clock = clock;
        this.ownMs = Math.floorMod(server.hashCode(), Math.max(1, intervalMs / SPREAD));
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
            long soon = Math.min(SOON_MS, intervalMs);
            long wait = GuardedCopy.headOf(file).isPresent() ? soon + ownMs : soon;
            while (!closed && closing.poll(wait, TimeUnit.MILLISECONDS) == null) {
                wait = copy() ? intervalMs - intervalMs / SPREAD + ownMs : soon;
            }
        } catch (InterruptedException e) {
            LOG.debug("event=namespace-copy-ended");
        }
    }

    /** Whether the next one is due only after the interval. */
    private boolean copy() {
        Optional<Leader> from = leader.get();
        if (from.isEmpty()) {
            return false;
        }
        if (isUpToDate(from.get())) {
            return true;
        }
        long begun = clock.monotonicMs();
        try (GuardedCopy copy = new GuardedCopy(file)) {
            CheckpointHead head = new CheckpointProxy(client, from.get().address())
                    .inBackground()
                    .fetch(copy);
            LOG.info(
                    "event=namespace-copied file={} bytes={} index={} ms={}",
                    file,
                    Files.size(file),
                    head.getAppliedIndex(),
                    clock.monotonicMs() - begun);
            lastFailure = "";
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e.toString());
            return e instanceof TractException refused && refused.code() == ErrorCode.PERMISSION_DENIED;
        }
    }

    /** Whether nothing was logged since the last copy, of which every byte is still right. */
    private boolean isUpToDate(Leader present) {
        Optional<CheckpointHead> last = GuardedCopy.headOf(file);
        return last.isPresent()
                && present.point()
                        .filter(point -> point.epoch().value() == last.get().getEpoch()
                                && point.appliedIndex() == last.get().getAppliedIndex())
                        .isPresent()
                && GuardedCopy.isWhole(file);
    }

    /** A line for each reason, not for each attempt. */
    private void failed(String reason) {
        if (!reason.equals(lastFailure)) {
            LOG.warn("event=namespace-not-copied file={} reason=\"{}\"", file, reason);
        }
        lastFailure = reason;
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
