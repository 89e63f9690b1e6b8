package io.tractfs.hadoop;

import io.tractfs.client.CreateOptions;
import io.tractfs.client.TractOutput;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/** Opens files for writing: Hadoop's flags and options on one side, the client's on the other. Thread-safe. */
final class FileOpener {
    private static final int LEAST_BUFFER = 64 << 10;
    private static final int MOST_BUFFER = 1 << 20;

    private final ClusterSession session;
    private final boolean closeSync;

    /** Opens files of a session; {@code closeSync} tells whether close waits for the disks. */
    FileOpener(ClusterSession session, boolean closeSync) {
        this.session = session;
        this.closeSync = closeSync;
    }

    /**
     * How a file is written. Immutable.
     *
     * @param permission bits 01777, umask applied
     * @param flags Hadoop's
     * @param bufferSize wished for
     * @param replication copies
     * @param blockSize logical block size
     * @param createParent whether missing parents are made
     * @param progress told of progress
     */
    record Request(
            int permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            boolean createParent,
            @Nullable Progressable progress) {}

    /** Creates, replaces or appends, as the flags say. */
    FSDataOutputStream create(String path, Request request, FileSystem.@Nullable Statistics statistics)
            throws IOException {
        CreateFlag.validate(request.flags());
        TractOutput output =
                request.flags().contains(CreateFlag.APPEND) ? appendOrCreate(path, request) : createOnly(path, request);
        return stream(output, path, request.bufferSize(), request.progress(), statistics);
    }

    /** Opens a file at its end. */
    FSDataOutputStream append(
            String path,
            boolean newBlock,
            int bufferSize,
            @Nullable Progressable progress,
            FileSystem.@Nullable Statistics statistics)
            throws IOException {
        TractOutput output = write(path, client -> client.append(path, newBlock));
        return stream(output, path, bufferSize, progress, statistics);
    }

    private FSDataOutputStream stream(
            TractOutput output,
            String path,
            int bufferSize,
            @Nullable Progressable progress,
            FileSystem.@Nullable Statistics statistics)
            throws IOException {
        long start = output.position();
        TractOutputStream stream = new TractOutputStream(output, session, path, bounded(bufferSize), progress);
        return new TractDataOutputStream(stream, statistics, start);
    }

    private TractOutput createOnly(String path, Request request) throws IOException {
        boolean overwrite = request.flags().contains(CreateFlag.OVERWRITE);
        return write(path, client -> client.create(path, options(request, overwrite)));
    }

    /** Tries each until one of them wins: the file may come and go between the two. */
    private TractOutput appendOrCreate(String path, Request request) throws IOException {
        boolean create = request.flags().contains(CreateFlag.CREATE);
        boolean newBlock = request.flags().contains(CreateFlag.NEW_BLOCK);
        return write(path, client -> {
            while (true) {
                try {
                    return client.append(path, newBlock);
                } catch (TractException e) {
                    if (!create || !isMissing(e)) {
                        throw e;
                    }
                }
                try {
                    return client.create(path, options(request, false));
                } catch (TractException e) {
                    if (e.code() != ErrorCode.ALREADY_EXISTS) {
                        throw e;
                    }
                }
            }
        });
    }

    private static boolean isMissing(TractException error) {
        return error.code() == ErrorCode.NOT_FOUND || error.code() == ErrorCode.PARENT_NOT_FOUND;
    }

    private CreateOptions options(Request request, boolean overwrite) throws IOException {
        if (request.replication() < 1) {
            throw new IOException("Requested replication factor of " + request.replication()
                    + " is less than the required minimum of 1");
        }
        if (request.blockSize() < 1) {
            throw new IOException("Specified block size " + request.blockSize() + " is less than the minimum of 1");
        }
        return new CreateOptions(
                request.permission(),
                overwrite,
                request.createParent(),
                !request.flags().contains(CreateFlag.CREATE),
                request.replication(),
                request.blockSize(),
                closeSync || request.flags().contains(CreateFlag.SYNC_BLOCK));
    }

    private TractOutput write(String path, ClusterSession.Call<TractOutput> call) throws IOException {
        return session.call(path, client -> {
            try {
                return call.on(client);
            } catch (TractException e) {
                throw HadoopErrors.translateForWriting(e, path);
            }
        });
    }

    /** The size of the buffer of a stream for which one was wished. */
    static int bounded(int bufferSize) {
        return Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, bufferSize));
    }
}
