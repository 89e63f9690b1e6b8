package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.InvalidPathHandleException;
import org.apache.hadoop.fs.Options.HandleOpt;
import org.apache.hadoop.fs.PathHandle;
import org.jspecify.annotations.Nullable;

/**
 * Names a file so that it is found though it was moved, or refused when it was, and refused when its content changed, as
 * whoever made the handle chose. As bytes: magic (4), options (1), inode id (8), modification time in ms (8), generation
 * (8), path in UTF-8; big-endian. Immutable.
 */
final class TractPathHandle implements PathHandle {
    private static final long serialVersionUID = 1L;
    private static final int MAGIC = 0x54504831;
    private static final int FIXED_BYTES = 4 + 1 + 3 * Long.BYTES;
    private static final byte MAY_MOVE = 1;
    private static final byte MAY_CHANGE = 2;
    private static final byte ALL_OPTIONS = MAY_MOVE | MAY_CHANGE;

    /** Below it every file has its inode id for a name. */
    private static final String BY_INODE = "/.reserved/.inodes/";

    private final byte options;
    private final long fileId;
    private final long modificationMs;
    private final long generation;
    private final String path;

    private TractPathHandle(byte options, long fileId, long modificationMs, long generation, String path) {
        this.options = options;
        this.fileId = fileId;
        this.modificationMs = modificationMs;
        this.generation = generation;
        this.path = path;
    }

    /** A handle of the file whose status it is, at a path. */
    static TractPathHandle of(FileStatus status, String path, HandleOpt... options) {
        if (!(status instanceof TractFileStatus ours)) {
            throw new IllegalArgumentException(
                    "Invalid FileStatus " + status.getClass().getSimpleName());
        }
        if (status.isDirectory()) {
            throw new IllegalArgumentException("PathHandle only available for files");
        }
        boolean mayMove = HandleOpt.getOpt(HandleOpt.Location.class, options)
                .map(HandleOpt.Location::allowChange)
                .orElse(false);
        boolean mayChange = HandleOpt.getOpt(HandleOpt.Data.class, options)
                .map(HandleOpt.Data::allowChange)
                .orElse(false);
        return of(ours.info(), path, mayMove, mayChange);
    }

    /** A handle of the file that has the status now. */
    static TractPathHandle of(FileInfo info, String path, boolean mayMove, boolean mayChange) {
        int options = (mayMove ? MAY_MOVE : 0) | (mayChange ? MAY_CHANGE : 0);
        return new TractPathHandle((byte) options, info.fileId(), info.modificationMs(), info.generation(), path);
    }

    /** A handle of another process, or of Hadoop's own making. */
    static TractPathHandle of(@Nullable PathHandle handle) throws IOException {
        if (handle instanceof TractPathHandle ours) {
            return ours;
        }
        if (handle == null) {
            throw new IOException("Missing PathHandle");
        }
        ByteBuffer bytes = handle.bytes().duplicate();
        try {
            if (bytes.getInt() != MAGIC) {
                throw new InvalidPathHandleException("Not a path handle of TractFS");
            }
            byte options = bytes.get();
            if ((options & ~ALL_OPTIONS) != 0) {
                throw new InvalidPathHandleException("Path handle of a newer TractFS: options " + options);
            }
            long fileId = bytes.getLong();
            long modificationMs = bytes.getLong();
            long generation = bytes.getLong();
            String path = StandardCharsets.UTF_8.decode(bytes).toString();
            return new TractPathHandle(options, fileId, modificationMs, generation, path);
        } catch (BufferUnderflowException e) {
            throw new InvalidPathHandleException("Path handle of less than " + FIXED_BYTES + " bytes", e);
        }
    }

    /** Where the file is to be looked for. */
    String target() {
        return (options & MAY_MOVE) != 0 ? BY_INODE + fileId : path;
    }

    /** Fails when what was found is not what the handle allows. */
    void verify(FileInfo found) throws InvalidPathHandleException {
        if (found.fileId() != fileId) {
            throw new InvalidPathHandleException(
                    "Wrong file: " + path + " is inode " + found.fileId() + ", not " + fileId);
        }
        boolean changed = found.modificationMs() != modificationMs || found.generation() != generation;
        if (changed && (options & MAY_CHANGE) == 0) {
            throw new InvalidPathHandleException("Content changed: " + path + " was modified at "
                    + found.modificationMs() + " ms, the handle is of " + modificationMs + " ms");
        }
    }

    @Override
    public ByteBuffer bytes() {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED_BYTES + name.length)
                .putInt(MAGIC)
                .put(options)
                .putLong(fileId)
                .putLong(modificationMs)
                .putLong(generation)
                .put(name)
                .flip()
                .asReadOnlyBuffer();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TractPathHandle handle && handle.bytes().equals(bytes());
    }

    @Override
    public int hashCode() {
        return Objects.hash(fileId, path);
    }

    @Override
    public String toString() {
        return "TractPathHandle{" + path + ", inode " + fileId + "}";
    }
}
