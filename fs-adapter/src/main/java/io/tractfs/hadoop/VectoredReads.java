package io.tractfs.hadoop;

import io.tractfs.client.TractInput;
import io.tractfs.error.TractException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.VectoredReadUtils;

/** Reads many ranges of one input at the same time. Thread-safe. */
final class VectoredReads {
    /** For callers whose buffers go back to no pool. */
    static final Consumer<ByteBuffer> NOT_POOLED = buffer -> {};

    private final TractInput input;
    private final String path;

    /** Reads from the input. */
    VectoredReads(TractInput input, String path) {
        this.input = input;
        this.path = path;
    }

    /**
     * Asks for all ranges; each gets the future of its buffer.
     *
     * @return bytes asked for
     * @throws IllegalArgumentException if ranges overlap or are not sound
     * @throws EOFException if one begins before the file; one that reaches beyond its end fails in its future
     */
    long start(List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate, Consumer<ByteBuffer> release)
            throws IOException {
        List<? extends FileRange> sorted = VectoredReadUtils.validateAndSortRanges(ranges, Optional.empty());
        if (sorted.isEmpty()) {
            return 0;
        }
        FileRange last = sorted.get(sorted.size() - 1);
        if (last.getOffset() + last.getLength() > input.length()) {
            input.refreshLength();
        }
        long bytes = 0;
        for (FileRange range : sorted) {
            range.setData(read(range, allocate, release));
            bytes += range.getLength();
        }
        return bytes;
    }

    private CompletableFuture<ByteBuffer> read(
            FileRange range, IntFunction<ByteBuffer> allocate, Consumer<ByteBuffer> release) {
        ByteBuffer target;
        try {
            target = allocate.apply(range.getLength());
        } catch (RuntimeException | OutOfMemoryError e) {
            return CompletableFuture.failedFuture(e);
        }
        int start = target.position();
        target.limit(start + range.getLength());
        CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
        fill(range.getOffset(), target).whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(target.position(start));
            } else {
                release.accept(target);
                result.completeExceptionally(explained(failure));
            }
        });
        return result;
    }

    private CompletableFuture<Void> fill(long position, ByteBuffer target) {
        if (!target.hasRemaining()) {
            return CompletableFuture.completedFuture(null);
        }
        return input.readAsync(position, target).thenCompose(count -> {
            if (count < 0) {
                return CompletableFuture.failedFuture(new EOFException("End of file at " + position + " in " + path));
            }
            return fill(position + count, target);
        });
    }

    private Throwable explained(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!(cause instanceof TractException error)) {
            return cause;
        }
        try {
            return HadoopErrors.translate(error, path);
        } catch (RuntimeException e) {
            return e;
        }
    }
}
