package io.tractfs.tract.store;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.disk.DiskFullException;
import io.tractfs.tract.format.FormatException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a store works. The first failed write or sync ends it for good: what the disk holds is unknown from then on,
 * and trying again could acknowledge what is lost. Thread-safe.
 */
public final class StoreHealth {
    private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

    private final String store;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile boolean closed;

    /** A store that works; the name is for messages. */
    public StoreHealth(String store) {
        this.store = store;
    }

    /** Throws STORE_FAILED or SHUTTING_DOWN. */
    public void check() throws TractException {
        IOException cause = failure.get();
        if (cause != null) {
            throw failed(cause);
        }
        if (closed) {
            throw new TractException(ErrorCode.SHUTTING_DOWN, "store " + store + " is closed");
        }
    }

    /**
     * What a failed disk operation means: refusals and full disks pass, anything else ends the store.
     *
     * @return what to throw
     */
    public TractException onFailure(IOException cause) {
        if (cause instanceof TractException refusal) {
            return refusal;
        }
        if (cause instanceof DiskFullException) {
            return new TractException(ErrorCode.DISK_FULL, "store " + store + ": " + cause.getMessage(), cause);
        }
        if (cause instanceof FormatException format && format.isNewer()) {
            return new TractException(ErrorCode.UNSUPPORTED, "store " + store + ": " + cause.getMessage(), cause);
        }
        if (cause instanceof ReadFailedException || cause instanceof UnreadableTractException) {
            return new TractException(ErrorCode.DAMAGED, "store " + store + ": " + cause.getMessage(), cause);
        }
        if (!closed && failure.compareAndSet(null, cause)) {
            LOG.error("store={} state=failed", store, cause);
        }
        return failed(cause);
    }

    /** What made the store fail. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure.get()).map(String::valueOf);
    }

    /** Refuses everything from now on. */
    public void close() {
        closed = true;
    }

    private TractException failed(IOException cause) {
        return new TractException(ErrorCode.STORE_FAILED, "store " + store + " failed: " + cause, cause);
    }
}
