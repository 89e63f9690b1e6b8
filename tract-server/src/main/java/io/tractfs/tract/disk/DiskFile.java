package io.tractfs.tract.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file that is open. Thread-safe; a thread that may be interrupted must not use it. */
public interface DiskFile extends AutoCloseable {
    /**
     * Reads until the buffer is full or the file ends.
     *
     * @return bytes read, 0 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes everything that remains in the buffer. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Puts the content on disk, with what is needed to find it again. */
    void force() throws IOException;

    /** Bytes up to the end of the file. */
    long size() throws IOException;

    /** For sending pages without copying them through the heap; only to be read, by position. */
    FileChannel channel() throws IOException;

    @Override
    void close() throws IOException;
}
