package io.tractfs.hadoop;

import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * What the file system's {@code create} and {@code append} return, for programs that want what HDFS's
 * {@code HdfsDataOutputStream} has and Hadoop's own class has not. Thread-safe.
 */
public final class TractDataOutputStream extends FSDataOutputStream {
    private final TractOutputStream stream;

    /** What {@link #hsync(EnumSet)} does besides; named as in HDFS. */
    public enum SyncFlag {
        /** The namespace records the length too, so that it is known without asking the tail's stores. */
        UPDATE_LENGTH
    }

    TractDataOutputStream(TractOutputStream stream, FileSystem.@Nullable Statistics statistics, long start)
            throws IOException {
        super(stream, statistics, start);
        this.stream = stream;
    }

    /** All bytes before it are on the disks of all members when it returns, and what the flags say is done. */
    public void hsync(EnumSet<SyncFlag> flags) throws IOException {
        stream.hsync(flags.contains(SyncFlag.UPDATE_LENGTH));
    }
}
