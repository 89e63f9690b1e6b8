package io.tractfs.client.table;

import io.tractfs.client.transport.Futures;
import io.tractfs.error.TractException;
import io.tractfs.table.TableImage;
import io.tractfs.table.TableSequence;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.GetTableRequest;
import io.tractfs.wire.proto.TableMessage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tract table as last fetched: whole on first use, by delta afterwards, one fetch at a time whoever asks. Shared by
 * all clients of a cluster. Thread-safe.
 */
public final class TableCache {
    private static final Logger LOG = LoggerFactory.getLogger(TableCache.class);

    private final Function<GetTableRequest, CompletableFuture<TableMessage>> fetch;
    private final Clock clock;
    private volatile @Nullable TableImage image;

    /** When the image was known to be the leader's. */
    private volatile long fetchedNanos;

    private @Nullable CompletableFuture<TableImage> inFlight;

    /**
     * A cache without an image.
     *
     * @param fetch asks the metadata server, with retries
     */
    public TableCache(Function<GetTableRequest, CompletableFuture<TableMessage>> fetch) {
        this(fetch, Clock.SYSTEM);
    }

    /** The same with a clock. */
    TableCache(Function<GetTableRequest, CompletableFuture<TableMessage>> fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The image at hand, if any. */
    public Optional<TableImage> current() {
        return Optional.ofNullable(image);
    }

    /** The image at hand, fetched if there is none. */
    public CompletableFuture<TableImage> image() {
        TableImage known = image;
        return known != null ? CompletableFuture.completedFuture(known) : refresh(TableSequence.NONE);
    }

    /** Waits for {@link #image()}. */
    public TableImage await() throws TractException {
        TableImage known = image;
        return known != null ? known : Futures.await(image());
    }

    /**
     * Waits for an image that was the leader's not long ago, for those who only look at it and so would never be told that it
     * is stale; the one at hand if the leader does not answer.
     *
     * @param mostAgeNanos how long ago at most
     */
    public TableImage awaitRecent(long mostAgeNanos) throws TractException {
        TableImage known = image;
        if (known == null) {
            return await();
        } else if (clock.nanoTime() - fetchedNanos <= mostAgeNanos) {
            return known;
        }
        try {
            return Futures.await(refresh(known.sequence()));
        } catch (TractException e) {
            LOG.info("event=table-not-refreshed reason=\"{}\"", e.getMessage());
            return known;
        }
    }

    /**
     * An image that is newer than one that proved stale, if the leader has one: that at hand if another caller has
     * fetched it since, else the answer of a fetch, which may be the same image again.
     */
    public CompletableFuture<TableImage> refresh(TableSequence stale) {
        CompletableFuture<TableImage> mine;
        TableImage base;
        synchronized (this) {
            base = image;
            if (base != null && base.sequence().compareTo(stale) > 0) {
                return CompletableFuture.completedFuture(base);
            }
            if (inFlight != null) {
                return inFlight;
            }
            mine = new CompletableFuture<>();
            inFlight = mine;
        }
        fetch.apply(request(base)).whenComplete((message, failure) -> finish(mine, base, message, failure));
        return mine;
    }

    private static GetTableRequest request(@Nullable TableImage base) {
        GetTableRequest.Builder request = GetTableRequest.newBuilder();
        if (base != null) {
            request.setKnownEpoch(base.sequence().epoch().value())
                    .setKnownChange(base.sequence().change());
        }
        return request.build();
    }

    private void finish(
            CompletableFuture<TableImage> mine,
            @Nullable TableImage base,
            @Nullable TableMessage message,
            @Nullable Throwable failure) {
        @Nullable TableImage fresh = null;
        @Nullable Throwable problem = failure;
        if (message != null) {
            try {
                TableImage decoded = TableDecoder.decode(base, message);
                // A deposed leader may still answer: images never go back.
                fresh = base != null && decoded.sequence().compareTo(base.sequence()) < 0 ? base : decoded;
            } catch (TractException e) {
                problem = e;
            }
        }
        synchronized (this) {
            inFlight = null;
            if (fresh != null) {
                fetchedNanos = clock.nanoTime();
                image = fresh;
            }
        }
        if (fresh != null) {
            mine.complete(fresh);
        } else {
            mine.completeExceptionally(problem == null ? new IllegalStateException("no table came") : problem);
        }
    }
}
