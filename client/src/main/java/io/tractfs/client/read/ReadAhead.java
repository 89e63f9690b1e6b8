package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.TractException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that a sequential reader has asked for ahead, from many stores at once. The window doubles with each piece
 * that is read to its end, from one piece to the configured most. Thread-safe.
 */
final class ReadAhead {
    private final ReadConfig config;
    private final BufferBudget budget;
    private final BiFunction<FileLayout, Long, Piece> ask;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private long bufferedBytes;
    private long windowBytes;
    private long firstWindowBytes;
    private boolean closed;

    /** A run of bytes that was asked for. Guarded by its owner. */
    static final class Piece {
        private final long start;
        private final int length;
        private final CompletableFuture<ByteBuf> bytes;
        private int users;
        private boolean dropped;

        Piece(long start, int length, CompletableFuture<ByteBuf> bytes) {
            this.start = start;
            this.length = length;
            this.bytes = bytes;
        }

        long end() {
            return start + length;
        }
    }

    /**
     * Nothing is asked for yet.
     *
     * @param ask sends the request for the piece at a position
     */
    ReadAhead(ReadConfig config, BufferBudget budget, BiFunction<FileLayout, Long, Piece> ask) {
        this.config = config;
        this.budget = budget;
        this.ask = ask;
        this.firstWindowBytes = config.pieceBytes();
        this.windowBytes = firstWindowBytes;
    }

    /** Whether the byte at a position was asked for. */
    synchronized boolean covers(long position) {
        return at(position) != null;
    }

    private @Nullable Piece at(long position) {
        Map.Entry<Long, Piece> entry = pieces.floorEntry(position);
        return entry != null && entry.getValue().end() > position ? entry.getValue() : null;
    }

    /** Starts with the whole window at once: the reader has said that it reads to the end. */
    synchronized void openWindow() {
        firstWindowBytes = config.aheadBytes();
        windowBytes = firstWindowBytes;
    }

    /**
     * Copies bytes from the piece at a position, asking for it and for what follows; waits for it.
     *
     * @return bytes copied, at least 1
     */
    int read(FileLayout layout, long position, ByteBuffer target) throws TractException {
        Piece piece = use(layout, position);
        try {
            ByteBuf bytes = Futures.await(piece.bytes);
            int from = (int) (position - piece.start);
            int count = Math.min(target.remaining(), piece.length - from);
            int limit = target.limit();
            target.limit(target.position() + count);
            bytes.getBytes(bytes.readerIndex() + from, target);
            target.limit(limit);
            done(piece, position + count);
            return count;
        } catch (TractException e) {
            drop(piece);
            throw e;
        } finally {
            leave(piece);
        }
    }

    private synchronized Piece use(FileLayout layout, long position) {
        Piece piece = at(position);
        if (piece == null) {
            clear();
            piece = ask.apply(layout, position);
            budget.take(piece.length);
            keep(piece);
        }
        piece.users++;
        long next = pieces.lastEntry().getValue().end();
        while (next < layout.length() && bufferedBytes < windowBytes && fits(layout, next)) {
            Piece ahead = ask.apply(layout, next);
            keep(ahead);
            next = ahead.end();
        }
        return piece;
    }

    private boolean fits(FileLayout layout, long position) {
        return budget.tryTake(
                layout.rangeAt(position, Long.MAX_VALUE, config.pieceBytes()).length(), config.totalBufferBytes());
    }

    private void keep(Piece piece) {
        pieces.put(piece.start, piece);
        bufferedBytes += piece.length;
    }

    /** What lies before the piece that was read last is not needed any more, nor is it once it is read to its end. */
    private synchronized void done(Piece piece, long readTo) {
        if (pieces.get(piece.start) != piece) {
            return;
        }
        if (readTo >= piece.end()) {
            windowBytes = Math.min(config.aheadBytes(), windowBytes * 2);
            drop(piece);
        }
        for (Piece earlier : List.copyOf(pieces.headMap(piece.start).values())) {
            drop(earlier);
        }
    }

    private synchronized void drop(Piece piece) {
        if (pieces.remove(piece.start, piece)) {
            bufferedBytes -= piece.length;
            piece.dropped = true;
            releaseIfUnused(piece);
        }
    }

    private synchronized void leave(Piece piece) {
        piece.users--;
        if (closed) {
            clear();
        }
        releaseIfUnused(piece);
    }

    private void releaseIfUnused(Piece piece) {
        if (piece.dropped && piece.users == 0) {
            budget.give(piece.length);
            CompletableFuture<Void> unused = piece.bytes.handle((bytes, failure) -> {
                if (bytes != null) {
                    bytes.release();
                }
                return null;
            });
        }
    }

    /** Forgets everything; the window starts anew. */
    synchronized void clear() {
        for (Piece piece : List.copyOf(pieces.values())) {
            drop(piece);
        }
        windowBytes = firstWindowBytes;
    }

    /** Forgets everything for good. */
    synchronized void close() {
        closed = true;
        clear();
    }
}
