package io.tractfs.hadoop;

import io.tractfs.client.ReadPattern;
import io.tractfs.client.TractInput;
import io.tractfs.error.TractException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.ByteBufferPositionedReadable;
import org.apache.hadoop.fs.ByteBufferReadable;
import org.apache.hadoop.fs.CanSetDropBehind;
import org.apache.hadoop.fs.CanSetReadahead;
import org.apache.hadoop.fs.CanUnbuffer;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.jspecify.annotations.Nullable;

/**
 * A file open for reading, as Hadoop's stream. Positioned reads go straight to the client, any number at a time; the
 * stream itself keeps a position and a small buffer, so that reading byte by byte is cheap. Bytes of a file never
 * change once written, so what is buffered is never stale. Thread-safe.
 */
final class TractInputStream extends FSInputStream
        implements ByteBufferReadable,
                ByteBufferPositionedReadable,
                CanUnbuffer,
                CanSetReadahead,
                CanSetDropBehind,
                StreamCapabilities,
                IOStatisticsSource {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    /** A small file's buffer is no larger than what is left of it, but for this. */
    private static final int LEAST_BUFFER = 512;

    private final TractInput input;
    private final ClusterSession session;
    private final String path;
    private final int bufferSize;
    private final StreamCounters counters;
    private final VectoredReads vectoredReads;

    private volatile boolean closed;
    private long position;
    /** Bytes at the position: from its position to its limit. */
    private ByteBuffer buffer = EMPTY;

    /** Reads from the input, which it closes. */
    TractInputStream(TractInput input, ClusterSession session, String path, int bufferSize, StreamCounters counters) {
        this.input = input;
        this.session = session;
        this.path = path;
        this.bufferSize = bufferSize;
        this.counters = counters;
        this.vectoredReads = new VectoredReads(input, path);
    }

    @Override
    public synchronized void seek(long target) throws IOException {
        ensureOpen();
        if (target < 0) {
            throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK + " " + target + " in " + path);
        }
        if (target > input.length() && target > input.refreshLength()) {
            throw new EOFException("Cannot seek after EOF: " + target + " of " + input.length() + " in " + path);
        }
        long ahead = target - position;
        if (ahead >= 0 && ahead <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) ahead);
        } else {
            buffer.limit(0);
            counters.count(StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS);
        }
        position = target;
    }

    @Override
    public synchronized long getPos() {
        return position;
    }

    /** Goes on at a position, on another copy where there is one; the client moves between copies by itself, too. */
    @Override
    public synchronized boolean seekToNewSource(long target) throws IOException {
        ensureOpen();
        if (target < 0 || target >= input.length()) {
            throw new IOException("There is no source of byte " + target + " of " + input.length() + " in " + path);
        }
        buffer.limit(0);
        position = target;
        counters.count(StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS);
        try {
            return input.turnToAnotherCopy(target);
        } catch (TractException e) {
            throw HadoopErrors.translate(e, path);
        }
    }

    @Override
    public synchronized int available() throws IOException {
        ensureOpen();
        return (int) Math.min(Integer.MAX_VALUE, input.length() - position);
    }

    @Override
    public synchronized long skip(long count) throws IOException {
        ensureOpen();
        if (count < 0) {
            return -1;
        }
        long skipped = Math.max(0, Math.min(count, input.length() - position));
        seek(position + skipped);
        return skipped;
    }

    @Override
    public synchronized int read() throws IOException {
        ensureOpen();
        if (!buffer.hasRemaining() && !fillBuffer()) {
            counters.read(-1);
            return -1;
        }
        position++;
        counters.read(1);
        return buffer.get() & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        ensureOpen();
        if (!target.hasRemaining()) {
            return 0;
        }
        if (!buffer.hasRemaining() && target.remaining() < bufferSize) {
            fillBuffer();
        }
        int count = buffer.hasRemaining() ? takeBuffered(target) : fetch(position, target);
        if (count > 0) {
            position += count;
        }
        counters.read(count);
        return count;
    }

    @Override
    public int read(long from, byte[] bytes, int offset, int length) throws IOException {
        ensureOpen();
        validatePositionedReadArgs(from, bytes, offset, length);
        return read(from, ByteBuffer.wrap(bytes, offset, length));
    }

    /** As in HDFS, and unlike the read into an array, there is nothing before the file as there is nothing behind it. */
    @Override
    public int read(long from, ByteBuffer target) throws IOException {
        ensureOpen();
        if (!target.hasRemaining()) {
            return 0;
        }
        if (from < 0) {
            counters.read(-1);
            return -1;
        }
        int count = fetch(from, target);
        counters.read(count);
        return count;
    }

    @Override
    public void readFully(long from, byte[] bytes, int offset, int length) throws IOException {
        ensureOpen();
        validatePositionedReadArgs(from, bytes, offset, length);
        readFully(from, ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void readFully(long from, ByteBuffer target) throws IOException {
        long next = from;
        while (target.hasRemaining()) {
            int count = read(next, target);
            if (count < 0) {
                throw new EOFException(FSExceptionMessages.EOF_IN_READ_FULLY + " at " + next + " in " + path);
            }
            next += count;
        }
    }

    @Override
    public void readVectored(List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate) throws IOException {
        readVectored(ranges, allocate, VectoredReads.NOT_POOLED);
    }

    /** All ranges are asked for at once; each completes when its own bytes are there. */
    @Override
    public void readVectored(
            List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate, Consumer<ByteBuffer> release)
            throws IOException {
        Objects.requireNonNull(allocate, "allocate");
        Objects.requireNonNull(release, "release");
        ensureOpen();
        long bytes = vectoredReads.start(ranges, allocate, release);
        counters.count(StreamStatisticNames.STREAM_READ_VECTORED_OPERATIONS);
        counters.count(StreamStatisticNames.STREAM_READ_VECTORED_INCOMING_RANGES, ranges.size());
        counters.read(bytes);
    }

    @Override
    public synchronized void unbuffer() {
        buffer = EMPTY;
        counters.count(StreamStatisticNames.STREAM_READ_UNBUFFERED);
        if (!closed) {
            input.unbuffer();
        }
    }

    /** A read-ahead of 0 means here and there; any other leaves it to what the reads show. */
    @Override
    public void setReadahead(@Nullable Long bytes) throws IOException {
        ensureOpen();
        input.hint(bytes != null && bytes == 0 ? ReadPattern.RANDOM : ReadPattern.ADAPTIVE);
    }

    /** A hint without effect: what is read is not kept by the reader. */
    @Override
    public void setDropBehind(@Nullable Boolean dropCache) {}

    @Override
    public boolean hasCapability(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case StreamCapabilities.READAHEAD,
                    StreamCapabilities.UNBUFFER,
                    StreamCapabilities.READBYTEBUFFER,
                    StreamCapabilities.PREADBYTEBUFFER,
                    StreamCapabilities.IOSTATISTICS,
                    StreamCapabilities.VECTOREDIO -> true;
            default -> false;
        };
    }

    @Override
    public IOStatistics getIOStatistics() {
        return counters.all();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            buffer = EMPTY;
        }
        counters.count(StreamStatisticNames.STREAM_READ_CLOSE_OPERATIONS);
        input.close();
    }

    @Override
    public String toString() {
        return "TractInputStream{" + path + " of " + input.length() + " bytes}";
    }

    private void ensureOpen() throws IOException {
        if (closed) {
            throw new IOException(FSExceptionMessages.STREAM_IS_CLOSED + " " + path);
        }
        session.ensureOpen();
    }

    private boolean fillBuffer() throws IOException {
        int wanted = (int) Math.max(LEAST_BUFFER, Math.min(bufferSize, input.length() - position));
        if (buffer.capacity() < wanted) {
            buffer = ByteBuffer.allocate(wanted);
        }
        buffer.clear();
        boolean filled = false;
        try {
            filled = fetch(position, buffer) > 0;
        } finally {
            if (filled) {
                buffer.flip();
            } else {
                buffer.limit(0);
            }
        }
        return filled;
    }

    private int takeBuffered(ByteBuffer target) {
        int count = Math.min(buffer.remaining(), target.remaining());
        target.put(buffer.slice().limit(count));
        buffer.position(buffer.position() + count);
        return count;
    }

    private int fetch(long from, ByteBuffer target) throws IOException {
        try {
            return input.read(from, target);
        } catch (TractException e) {
            throw HadoopErrors.translate(e, path);
        }
    }
}
