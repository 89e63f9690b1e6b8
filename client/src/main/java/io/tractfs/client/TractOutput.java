package io.tractfs.client;

import java.io.IOException;

/** A file open for writing at its end. Thread-safe. */
public interface TractOutput extends AutoCloseable {
    /** Takes bytes; waits when the window is full. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Bytes of the file up to here, those before an append included. */
    long position();

    /** All bytes before it are on all members when it returns. */
    void hflush() throws IOException;

    /**
     * All bytes before it are on disk on all members when it returns.
     *
     * @param updateLength whether the namespace records the length too
     */
    void hsync(boolean updateLength) throws IOException;

    /** Completes the file; twice is a no-op. A failure leaves it open for recovery. */
    @Override
    void close() throws IOException;

    /** Gives up: commits nothing more; a file created by this stream is deleted. */
    void abort() throws IOException;
}
