package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.client.transport.Futures;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Copies ranges from many stores into one buffer, a bounded number of requests at once; each range is copied to its
 * place as it arrives. Thread-safe.
 */
final class RangeCopy {
    private static final int MOST_AT_ONCE = 8;

    private final TractFetcher fetcher;
    private final ReadMeter meter;
    private final List<TractRange> ranges;
    private final ByteBuffer target;
    private final int[] places;
    private final int end;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private int next;
    private int arrived;
    private boolean failed;

    /**
     * A copy that has not begun.
     *
     * @param target filled from its position on; it belongs to the copy until the result is there
     */
    RangeCopy(TractFetcher fetcher, ReadMeter meter, List<TractRange> ranges, ByteBuffer target) {
        this.fetcher = fetcher;
        this.meter = meter;
        this.ranges = ranges;
        this.target = target;
        this.places = new int[ranges.size()];
        int at = target.position();
        for (int i = 0; i < places.length; i++) {
            places[i] = at;
            at += ranges.get(i).length();
        }
        this.end = at;
    }

    /** Begins; the future has the number of bytes. */
    CompletableFuture<Integer> start() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            fetchNext();
        }
        return result;
    }

    /** The buffer is the caller's again: nothing is copied any more. */
    synchronized void abandon() {
        failed = true;
    }

    private void fetchNext() {
        int index;
        synchronized (this) {
            if (failed || next == ranges.size()) {
                return;
            }
            index = next++;
        }
        CompletableFuture<Void> unused =
                fetcher.fetch(ranges.get(index), meter).handle((bytes, failure) -> arrived(index, bytes, failure));
    }

    private @Nullable Void arrived(int index, @Nullable ByteBuf bytes, @Nullable Throwable failure) {
        if (bytes == null) {
            synchronized (this) {
                failed = true;
            }
            result.completeExceptionally(
                    Futures.asTractException(failure == null ? new IllegalStateException("no bytes came") : failure));
            return null;
        }
        boolean last = copy(index, bytes);
        if (last) {
            int count = end - target.position();
            target.position(end);
            meter.bytesRead.add(count);
            result.complete(count);
        } else {
            fetchNext();
        }
        return null;
    }

    /** After a failure the buffer is the caller's again, so nothing is copied any more. */
    private synchronized boolean copy(int index, ByteBuf bytes) {
        if (!failed) {
            ByteBuffer place = target.duplicate();
            place.limit(places[index] + ranges.get(index).length()).position(places[index]);
            bytes.getBytes(bytes.readerIndex(), place);
            arrived++;
        }
        bytes.release();
        return !failed && arrived == ranges.size();
    }
}
