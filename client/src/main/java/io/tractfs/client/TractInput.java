package io.tractfs.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A file open for reading; positioned reads only, any number at a time. Bytes are verified against their checksums.
 * Sequential use is noticed and read ahead. Thread-safe.
 */
public interface TractInput extends AutoCloseable {
    /** What is known of the file; its length grows while another writes, see {@link #refreshLength()}. */
    FileInfo info();

    /** Length that may be read at present. */
    long length();

    /** Asks again how long an open file is (P22); a closed one answers at once. */
    long refreshLength() throws IOException;

    /**
     * Reads into the buffer's remaining space.
     *
     * @return bytes read, at least 1 unless nothing remains in the buffer; -1 at or past the end
     */
    int read(long position, ByteBuffer target) throws IOException;

    /** The same without waiting; the buffer belongs to the reader until the future completes. */
    CompletableFuture<Integer> readAsync(long position, ByteBuffer target);

    /** Drops buffers and read-ahead; reading may go on. */
    void unbuffer();

    /**
     * Asks to read what is at a position from another copy than before, for callers who do not like the bytes they got.
     * What was read ahead is dropped.
     *
     * @param position within the file
     * @return whether there is another copy that can be asked
     */
    boolean turnToAnotherCopy(long position) throws IOException;

    /** Tells how the file will be read. */
    void hint(ReadPattern pattern);

    /** Counts of what was read and from where. */
    ReadCounters counters();

    @Override
    void close();
}
