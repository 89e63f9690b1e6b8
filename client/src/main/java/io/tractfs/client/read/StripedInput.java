package io.tractfs.client.read;

import io.netty.buffer.ByteBuf;
import io.tractfs.client.FileInfo;
import io.tractfs.client.ReadCounters;
import io.tractfs.client.ReadPattern;
import io.tractfs.client.TractInput;
import io.tractfs.client.local.LocalTracts;
import io.tractfs.client.transport.Futures;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A file open for reading. What is in files of this host is read from there ({@link LocalInput}). Of the rest, reads that
 * follow each other are served from {@link ReadAhead}; others fetch just their range, verified where it arrived and copied once into the caller's buffer. Thread-safe.
 */
public final class StripedInput implements TractInput {
    /** A read that begins at most so far behind the last one still counts as the next. */
    private static final long NEAR_BYTES = 64 << 10;

    private final TractFetcher fetcher;
    private final ReadConfig config;
    private final Refresher refresher;
    private final ReadMeter meter = new ReadMeter();
    private final ReadAhead ahead;
    private final LocalInput local;

    private volatile FileInfo info;
    private volatile FileLayout layout;
    private volatile ReadPattern pattern = ReadPattern.ADAPTIVE;
    private volatile long expectedPosition = -1;
    private volatile boolean localIsLeft;
    private volatile boolean closed;

    /** Asks how an open file has grown. */
    @FunctionalInterface
    public interface Refresher {
        /** The file now, its last segment as long as may be read (P22). */
        FileInfo refresh(FileInfo known) throws TractException;
    }

    /**
     * A stream over a file.
     *
     * @param info with segments, the last one as long as may be read
     * @param local files of this host
     */
    public StripedInput(
            FileInfo info,
            TractFetcher fetcher,
            LocalTracts local,
            ReadConfig config,
            BufferBudget budget,
            Refresher refresher) {
        this.fetcher = fetcher;
        this.config = config;
        this.refresher = refresher;
        this.info = info;
        this.layout = new FileLayout(info.segments());
        this.ahead = new ReadAhead(config, budget, this::ask);
        this.local = new LocalInput(local, meter);
    }

    private ReadAhead.Piece ask(FileLayout current, long position) {
        TractRange range = current.rangeAt(position, Long.MAX_VALUE, config.pieceBytes());
        return new ReadAhead.Piece(position, range.length(), fetcher.fetch(range, meter));
    }

    @Override
    public FileInfo info() {
        return info;
    }

    @Override
    public long length() {
        return layout.length();
    }

    @Override
    public long refreshLength() throws TractException {
        checkOpen();
        if (info.open()) {
            FileInfo fresh = refresher.refresh(info);
            FileLayout grown = new FileLayout(fresh.segments());
            // Bytes that were visible stay visible (I9): a shorter answer is an older one.
            if (grown.length() >= layout.length()) {
                layout = grown;
                info = fresh;
            }
        }
        return layout.length();
    }

    @Override
    public int read(long position, ByteBuffer target) throws TractException {
        checkOpen();
        FileLayout current = layout;
        int wanted = wanted(current, position, target);
        if (wanted <= 0) {
            return wanted;
        }
        boolean sequential = isSequential(position);
        expectedPosition = position + wanted;
        int here = local(current, position, wanted, target, sequential);
        if (here == wanted) {
            return wanted;
        }
        return here + remote(current, position + here, wanted - here, target, sequential);
    }

    /** Reads what is in files of this host, from the position on; gives the number of bytes. */
    private int local(FileLayout current, long position, int wanted, ByteBuffer target, boolean sequential) {
        int here = localIsLeft ? 0 : local.read(current, position, wanted, target, sequential);
        meter.bytesRead.add(here);
        return here;
    }

    private int remote(FileLayout current, long position, int wanted, ByteBuffer target, boolean sequential)
            throws TractException {
        if (!sequential) {
            return direct(current, position, wanted, target);
        }
        int limit = target.limit();
        target.limit(target.position() + wanted);
        int done = 0;
        try {
            while (done < wanted) {
                done += ahead.read(current, position + done, target);
            }
        } finally {
            target.limit(limit);
        }
        meter.bytesRead.add(done);
        return done;
    }

    private boolean isSequential(long position) {
        if (pattern == ReadPattern.RANDOM) {
            return false;
        }
        if (pattern == ReadPattern.SEQUENTIAL || ahead.covers(position)) {
            return true;
        }
        long expected = expectedPosition;
        return position >= expected && position - expected < NEAR_BYTES && expected >= 0;
    }

    private static int wanted(FileLayout current, long position, ByteBuffer target) throws TractException {
        if (position < 0) {
            throw new TractException(ErrorCode.INVALID_ARGUMENT, "Position of a read is at least 0, not " + position);
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        return position >= current.length() ? -1 : (int) Math.min(target.remaining(), current.length() - position);
    }

    /** Fetches just the range; what lies in one piece is copied by the caller's own thread. */
    private int direct(FileLayout current, long position, int wanted, ByteBuffer target) throws TractException {
        TractRange range = current.rangeAt(position, wanted, config.pieceBytes());
        return range.length() == wanted ? single(range, target) : parallel(current, position, wanted, target);
    }

    private int single(TractRange range, ByteBuffer target) throws TractException {
        CompletableFuture<ByteBuf> fetched = fetcher.fetch(range, meter);
        ByteBuf bytes;
        try {
            bytes = Futures.await(fetched);
        } catch (TractException e) {
            releaseLater(fetched);
            throw e;
        }
        int limit = target.limit();
        target.limit(target.position() + range.length());
        bytes.getBytes(bytes.readerIndex(), target);
        target.limit(limit);
        bytes.release();
        meter.bytesRead.add(range.length());
        return range.length();
    }

    private static void releaseLater(CompletableFuture<ByteBuf> fetched) {
        CompletableFuture<Void> unused = fetched.handle((late, failure) -> {
            if (late != null) {
                late.release();
            }
            return null;
        });
    }

    private int parallel(FileLayout current, long position, int wanted, ByteBuffer target) throws TractException {
        List<TractRange> ranges = current.ranges(position, wanted, config.pieceBytes());
        RangeCopy copy = new RangeCopy(fetcher, meter, ranges, target);
        try {
            return Futures.await(copy.start());
        } catch (TractException e) {
            copy.abandon();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Integer> readAsync(long position, ByteBuffer target) {
        try {
            checkOpen();
            FileLayout current = layout;
            int wanted = wanted(current, position, target);
            if (wanted <= 0) {
                return CompletableFuture.completedFuture(wanted);
            }
            int here = local(current, position, wanted, target, false);
            if (here == wanted) {
                return CompletableFuture.completedFuture(wanted);
            }
            List<TractRange> ranges = current.ranges(position + here, wanted - here, config.pieceBytes());
            return new RangeCopy(fetcher, meter, ranges, target).start().thenApply(rest -> here + rest);
        } catch (TractException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void unbuffer() {
        local.clear();
        ahead.clear();
        expectedPosition = -1;
    }

    /** Files of this host are one of the copies, and not used by this stream any more. */
    @Override
    public boolean turnToAnotherCopy(long position) throws TractException {
        checkOpen();
        TractRange range = layout.rangeAt(position, 1, config.pieceBytes());
        unbuffer();
        localIsLeft = true;
        return fetcher.turnToAnotherCopy(range);
    }

    @Override
    public void hint(ReadPattern hinted) {
        pattern = hinted;
        switch (hinted) {
            case SEQUENTIAL -> ahead.openWindow();
            case RANDOM -> ahead.clear();
            case ADAPTIVE -> {}
        }
    }

    @Override
    public ReadCounters counters() {
        return meter.counters();
    }

    @Override
    public void close() {
        closed = true;
        local.clear();
        ahead.close();
    }

    private void checkOpen() throws TractException {
        if (closed) {
            throw new TractException(ErrorCode.IO_ERROR, "Stream of file " + info.fileId() + " is closed");
        }
    }
}
