package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.ReadPattern;
import io.tractfs.client.TractInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.InvalidPathHandleException;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.fs.PathHandle;
import org.apache.hadoop.fs.impl.AbstractFSBuilderImpl;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.jspecify.annotations.Nullable;

/** Opens files for reading: by path or handle, with what is known of them and with Hadoop's options. Thread-safe. */
final class ReadOpener {
    private final ClusterSession session;
    private final Supplier<FileSystem.Statistics> statistics;

    /** Opens files of a session; reads are counted in what {@code FileContext} may replace after the start. */
    ReadOpener(ClusterSession session, Supplier<FileSystem.Statistics> statistics) {
        this.session = session;
        this.statistics = statistics;
    }

    /** Opens the file at a path. */
    FSDataInputStream open(String path, int bufferSize) throws IOException {
        return open(path, Optional.empty(), ReadPattern.ADAPTIVE, bufferSize);
    }

    /** Opens the file that a handle names. */
    FSDataInputStream open(PathHandle handle, int bufferSize) throws IOException {
        return open(TractPathHandle.of(handle), ReadPattern.ADAPTIVE, bufferSize);
    }

    /** Opens the file at a path as the options say; with a status of ours, no call is needed. */
    CompletableFuture<FSDataInputStream> open(String path, OpenFileParameters parameters) throws IOException {
        rejectUnknownKeys(parameters, path);
        return completed(
                () -> open(path, known(path, parameters.getStatus()), pattern(parameters), parameters.getBufferSize()));
    }

    /** Opens the file that a handle names as the options say. */
    CompletableFuture<FSDataInputStream> open(PathHandle handle, OpenFileParameters parameters) throws IOException {
        rejectUnknownKeys(parameters, handle);
        return completed(() -> open(TractPathHandle.of(handle), pattern(parameters), parameters.getBufferSize()));
    }

    private static void rejectUnknownKeys(OpenFileParameters parameters, Object file) {
        AbstractFSBuilderImpl.rejectUnknownMandatoryKeys(
                parameters.getMandatoryKeys(), OpenFileOptions.FS_OPTION_OPENFILE_STANDARD_OPTIONS, "for " + file);
    }

    /** Opens a file. */
    private interface Opening {
        /** Opens it. */
        FSDataInputStream open() throws IOException;
    }

    private static CompletableFuture<FSDataInputStream> completed(Opening opening) {
        try {
            return CompletableFuture.completedFuture(opening.open());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static ReadPattern pattern(OpenFileParameters parameters) {
        return ReadPolicies.pattern(parameters.getOptions().get(OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, ""));
    }

    private static Optional<FileInfo> known(String path, @Nullable FileStatus status) {
        return status instanceof TractFileStatus ours
                        && ours.isFile()
                        && !ours.info().open()
                        && ours.getPath().toUri().getPath().equals(path)
                ? Optional.of(ours.info())
                : Optional.empty();
    }

    private FSDataInputStream open(String path, Optional<FileInfo> known, ReadPattern pattern, int bufferSize)
            throws IOException {
        TractInput input =
                session.call(path, client -> known.isPresent() ? client.open(path, known.get()) : client.open(path));
        return stream(input, path, pattern, bufferSize);
    }

    /** The file, if it still is as the handle wants it. */
    private FSDataInputStream open(TractPathHandle handle, ReadPattern pattern, int bufferSize) throws IOException {
        String path = handle.target();
        TractInput input;
        try {
            input = session.call(path, client -> client.open(path));
        } catch (FileNotFoundException e) {
            throw new InvalidPathHandleException("Could not resolve handle: " + e.getMessage(), e);
        }
        try {
            handle.verify(input.info());
        } catch (InvalidPathHandleException e) {
            input.close();
            throw e;
        }
        return stream(input, path, pattern, bufferSize);
    }

    private FSDataInputStream stream(TractInput input, String path, ReadPattern pattern, int bufferSize) {
        if (pattern != ReadPattern.ADAPTIVE) {
            input.hint(pattern);
        }
        return new FSDataInputStream(new TractInputStream(
                input, session, path, FileOpener.bounded(bufferSize), new StreamCounters(statistics.get())));
    }
}
