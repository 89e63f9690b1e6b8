package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * A status that knows what the client knows of the file: opening it costs no further call, and its block locations are
 * worked out when they are first asked for. Serialised, it is a plain located status. Not thread-safe.
 */
final class TractFileStatus extends LocatedFileStatus implements EtagSource {
    private static final long serialVersionUID = 1L;
    private static final BlockLocation[] NO_BLOCKS = {};

    private final transient FileInfo info;
    private final transient BlockLocator locator;

    /** Works out block locations later. */
    interface BlockLocator {
        /** Locations of the file's blocks. */
        BlockLocation[] locate(FileInfo info) throws IOException;
    }

    /** The status of a path. */
    TractFileStatus(FileInfo info, Path path, BlockLocator locator) {
        super(
                info.length(),
                info.directory(),
                info.replication(),
                info.blockSize(),
                info.modificationMs(),
                info.accessMs(),
                new FsPermission((short) info.permission()),
                info.owner(),
                info.group(),
                null,
                path,
                false,
                false,
                false,
                null);
        this.info = info;
        this.locator = locator;
    }

    /** What the client knows. */
    FileInfo info() {
        return info;
    }

    /** Changes with the content, not with the name; null for a directory. */
    @Override
    public @Nullable String getEtag() {
        return info.directory()
                ? null
                : Long.toHexString(info.fileId()) + "-" + Long.toHexString(info.generation()) + "-"
                        + Long.toHexString(info.length());
    }

    @Override
    public BlockLocation @Nullable [] getBlockLocations() {
        BlockLocation[] known = super.getBlockLocations();
        if (known != null || info.directory()) {
            return known;
        }
        BlockLocation[] located;
        try {
            located = info.length() == 0 ? NO_BLOCKS : locator.locate(info);
        } catch (IOException e) {
            throw new UncheckedIOException("Block locations of " + getPath(), e);
        }
        setBlockLocations(located);
        return located;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    private Object writeReplace() throws ObjectStreamException {
        BlockLocation[] blocks = getBlockLocations();
        FileStatus plain = new FileStatus(
                getLen(),
                isDirectory(),
                getReplication(),
                getBlockSize(),
                getModificationTime(),
                getAccessTime(),
                getPermission(),
                getOwner(),
                getGroup(),
                getPath());
        return new LocatedFileStatus(plain, blocks);
    }
}
