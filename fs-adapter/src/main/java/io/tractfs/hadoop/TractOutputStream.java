package io.tractfs.hadoop;

import io.tractfs.client.TractOutput;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CanSetDropBehind;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * A file open for writing, as Hadoop's stream. Small writes are gathered before they go to the client. Reports progress
 * as bytes leave, so that a task which only writes is seen to live. Thread-safe.
 */
final class TractOutputStream extends OutputStream
        implements Syncable, Abortable, CanSetDropBehind, StreamCapabilities, IOStatisticsSource {
    private static final byte[] EMPTY = new byte[0];
    private static final int LEAST_BUFFER = 4 << 10;

    private final TractOutput output;
    private final ClusterSession session;
    private final String path;
    private final @Nullable Progressable progress;
    private final StreamCounters counters = new StreamCounters(null);
    private final int bufferSize;
    /** Grows with what is gathered: most files are small, and clearing a large one would cost more than their bytes. */
    private byte[] buffer = EMPTY;

    private int buffered;
    private boolean closed;
    /** Why bytes that the caller gave are lost; what follows them must not be written in their place. */
    private @Nullable IOException failure;

    /** Writes to the output, which it closes. */
    TractOutputStream(
            TractOutput output, ClusterSession session, String path, int bufferSize, @Nullable Progressable progress) {
        this.output = output;
        this.session = session;
        this.path = path;
        this.bufferSize = bufferSize;
        this.progress = progress;
        session.track(this);
    }

    @Override
    public synchronized void write(int value) throws IOException {
        ensureOpen();
        if (buffered == bufferSize) {
            sendBuffer();
        }
        makeRoom(1);
        buffer[buffered++] = (byte) value;
        counters.wrote(1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        ensureOpen();
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new ArrayIndexOutOfBoundsException(
                    "There is no " + offset + "+" + length + " in an array of " + bytes.length);
        }
        if (length > bufferSize - buffered) {
            sendBuffer();
        }
        if (length >= bufferSize) {
            send(bytes, offset, length);
        } else {
            makeRoom(length);
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
        counters.wrote(length);
    }

    private void makeRoom(int length) {
        if (buffer.length - buffered < length) {
            int wanted = Math.max(LEAST_BUFFER, Math.max(buffered + length, 2 * buffer.length));
            buffer = Arrays.copyOf(buffer, Math.min(bufferSize, wanted));
        }
    }

    /** Hands what is gathered to the client; after close it is a no-op, since wrappers flush when closed twice. */
    @Override
    public synchronized void flush() throws IOException {
        if (!closed && failure == null) {
            sendBuffer();
        }
    }

    @Override
    public synchronized void hflush() throws IOException {
        ensureOpen();
        sendBuffer();
        counters.count("op_hflush");
        carryOut(output::hflush);
    }

    /** The status shows the length without the namespace's help: whoever asks for it asks the tail's stores (P22). */
    @Override
    public synchronized void hsync() throws IOException {
        hsync(false);
    }

    /** The same; with {@code updateLength} the namespace records the length too. */
    public synchronized void hsync(boolean updateLength) throws IOException {
        ensureOpen();
        sendBuffer();
        counters.count("op_hsync");
        carryOut(() -> output.hsync(updateLength));
    }

    /** Completes the file, unless bytes were lost; twice is a no-op. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        session.forget(this);
        if (failure == null) {
            try {
                sendBuffer();
            } catch (IOException e) {
                letGo(e);
                throw e;
            }
            carryOut(output::close);
        } else {
            letGo(failure);
            throw lost(failure);
        }
    }

    @Override
    public synchronized AbortableResult abort() {
        boolean alreadyClosed = closed;
        closed = true;
        buffered = 0;
        session.forget(this);
        IOException failure = null;
        if (!alreadyClosed) {
            counters.count("op_abort");
            try {
                carryOut(output::abort);
            } catch (IOException e) {
                failure = e;
            }
        }
        return new Aborted(alreadyClosed, failure);
    }

    /** A hint without effect: tract servers keep no copies of what is written in memory of their own. */
    @Override
    public void setDropBehind(@Nullable Boolean dropCache) {}

    @Override
    @SuppressWarnings("deprecation") // Programs still ask for hflush by its own name.
    public boolean hasCapability(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case StreamCapabilities.HFLUSH,
                    StreamCapabilities.HSYNC,
                    StreamCapabilities.ABORTABLE_STREAM,
                    StreamCapabilities.IOSTATISTICS -> true;
            default -> false;
        };
    }

    @Override
    public IOStatistics getIOStatistics() {
        return counters.all();
    }

    @Override
    public String toString() {
        return "TractOutputStream{" + path + " at " + output.position() + "}";
    }

    /** A step of the output. */
    private interface Step {
        /** Carries it out. */
        void run() throws IOException;
    }

    private void ensureOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        session.ensureOpen();
        if (failure != null) {
            throw lost(failure);
        }
    }

    private void sendBuffer() throws IOException {
        if (buffered > 0) {
            int length = buffered;
            buffered = 0;
            send(buffer, 0, length);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        try {
            carryOut(() -> output.write(bytes, offset, length));
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        if (progress != null) {
            progress.progress();
        }
    }

    private void carryOut(Step step) throws IOException {
        try {
            step.run();
        } catch (TractException e) {
            counters.count(StreamStatisticNames.STREAM_WRITE_EXCEPTIONS);
            throw HadoopErrors.translateForWriting(e, path);
        } catch (IOException e) {
            counters.count(StreamStatisticNames.STREAM_WRITE_EXCEPTIONS);
            throw e;
        }
    }

    private IOException lost(IOException cause) {
        return new IOException("An earlier write to " + path + " failed: " + cause.getMessage(), cause);
    }

    /** An output that failed does not complete the file when it is closed; it gives back what it holds. */
    private void letGo(IOException cause) {
        try {
            output.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * How an abort went. Immutable.
     *
     * @param alreadyClosed whether there was nothing left to give up
     * @param failure what went wrong; null where nothing did
     */
    private record Aborted(boolean alreadyClosed, @Nullable IOException failure) implements AbortableResult {
        @Override
        public @Nullable IOException anyCleanupException() {
            return failure;
        }
    }
}
