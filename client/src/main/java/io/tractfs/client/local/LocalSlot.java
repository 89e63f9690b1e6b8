package io.tractfs.client.local;

import io.tractfs.client.local.LocalTract.Place;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is known of one tract on this host: asked for, refused or open. Thread-safe. */
final class LocalSlot {
    final TractId tract;
    /** When it was last read, monotonic; a refusal counts from when the store was asked. */
    volatile long usedAtMs;

    private final CompletableFuture<Optional<Place>> place;
    private @Nullable LocalTract file;
    private boolean refused;
    private volatile boolean recent = true;

    LocalSlot(TractId tract, CompletableFuture<Optional<Place>> place, long nowMs) {
        this.tract = tract;
        this.place = place;
        this.usedAtMs = nowMs;
    }

    /** The store did not say in time where the tract is. */
    static final class SlowAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        private SlowAnswerException(TractId tract, long askMs, Throwable cause) {
            super("the store on this host did not say within " + askMs + " ms where tract " + tract + " is", cause);
        }
    }

    /**
     * The open file, of which the caller is a user now; opens it if need be. Null if it is not to be read here.
     *
     * @param askMs how long to wait for the store
     * @throws IOException if it cannot be opened
     */
    @Nullable
    LocalTract acquire(long askMs) throws IOException {
        recent = true;
        synchronized (this) {
            if (refused) {
                return null;
            }
            if (file != null) {
                return file.retain() ? file : null;
            }
        }
        Place found = await(askMs);
        return found == null ? null : open(found);
    }

    private synchronized @Nullable LocalTract open(Place found) throws IOException {
        if (refused) {
            return null;
        }
        if (file == null) {
            file = LocalTract.open(tract, found);
        }
        return file.retain() ? file : null;
    }

    private @Nullable Place await(long askMs) throws SlowAnswerException {
        try {
            return place.get(askMs, TimeUnit.MILLISECONDS).orElse(null);
        } catch (InterruptedException e) {
            // Whoever reads through a store instead ends with the error that interruption has there.
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the answer to where a tract is never fails", e);
        } catch (TimeoutException e) {
            throw new SlowAnswerException(tract, askMs, e);
        }
    }

    /** Gives up the file, to be released by the caller; none is opened any more. */
    @Nullable
    synchronized LocalTract close() {
        LocalTract dropped = file;
        file = null;
        refused = true;
        return dropped;
    }

    /** Whether it was used since this was last asked. */
    boolean spared() {
        boolean was = recent;
        recent = false;
        return was;
    }
}
