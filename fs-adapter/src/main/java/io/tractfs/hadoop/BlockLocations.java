package io.tractfs.hadoop;

import io.tractfs.client.BlockHosts;
import io.tractfs.client.FileInfo;
import io.tractfs.client.TractInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;

/** Where the logical blocks of files are, in Hadoop's form. Thread-safe. */
final class BlockLocations {
    private static final String[] NONE = {};

    private final ClusterSession session;

    /** Asks the session's client. */
    BlockLocations(ClusterSession session) {
        this.session = session;
    }

    /** Blocks of a range of a file; a status of ours saves the question for the file's segments. */
    BlockLocation[] of(FileStatus file, String name, long start, long length) throws IOException {
        requireRange(name, start, length);
        if (file.isDirectory()) {
            throw new FileNotFoundException("Path is not a file: " + name);
        }
        if (file.getLen() <= start) {
            return new BlockLocation[0];
        }
        FileInfo info = file instanceof TractFileStatus ours ? ours.info() : withSegments(name);
        return locate(name, info, start, within(length, file.getLen() - start));
    }

    /** Blocks of a range of a file that the caller may read. */
    BlockLocation[] of(String name, long start, long length) throws IOException {
        requireRange(name, start, length);
        FileInfo info;
        try (TractInput input = session.call(name, client -> client.open(name))) {
            info = input.info();
        }
        return info.length() <= start
                ? new BlockLocation[0]
                : locate(name, info, start, within(length, info.length() - start));
    }

    private static void requireRange(String name, long start, long length) throws IOException {
        if (start < 0 || length < 0) {
            throw new IOException(
                    "Negative offset or length is not supported: " + start + ", " + length + " of " + name);
        }
    }

    /** As in HDFS, a range of no bytes has the block in which it is. */
    private static long within(long length, long left) {
        return Math.min(Math.max(length, 1), left);
    }

    /** Blocks of a range that is within the file. */
    BlockLocation[] locate(String name, FileInfo info, long start, long length) throws IOException {
        FileInfo located = info.segments().isEmpty() ? withSegments(name) : info;
        List<BlockHosts> blocks = session.call(name, client -> client.locations(located, start, length));
        return blocks.stream().map(BlockLocations::hadoop).toArray(BlockLocation[]::new);
    }

    private FileInfo withSegments(String name) throws IOException {
        List<FileInfo> entries =
                session.call(name, client -> client.list(name, "", true)).entries();
        if (entries.isEmpty() || !entries.get(0).name().isEmpty()) {
            throw new FileNotFoundException("Path is not a file: " + name);
        }
        return entries.get(0);
    }

    private static BlockLocation hadoop(BlockHosts block) {
        return new BlockLocation(
                block.names().toArray(NONE),
                block.hosts().toArray(NONE),
                block.topologyPaths().toArray(NONE),
                block.offset(),
                block.length());
    }
}
