package io.tractfs.hadoop;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.ChecksumOpt;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * TractFS for {@code FileContext}: {@code fs.AbstractFileSystem.tract.impl=io.tractfs.hadoop.TractFs}, which Hadoop
 * cannot find by itself. Does everything through a {@link TractFileSystem}. Thread-safe.
 */
public class TractFs extends DelegateToFileSystem {
    private final TractFileSystem files;

    /** What Hadoop calls. */
    public TractFs(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        this(uri, configuration, new TractFileSystem());
    }

    /** With a file system that is not initialised yet. */
    TractFs(URI uri, Configuration configuration, TractFileSystem files) throws IOException, URISyntaxException {
        super(uri, files, configuration, uri.getScheme(), false);
        this.files = files;
    }

    /** As it was given: a logical cluster name gets no port. */
    @Override
    public URI getUri() {
        return files == null ? super.getUri() : files.getUri();
    }

    @Override
    public void checkPath(Path path) {
        files.checkPath(path);
    }

    @Override
    public boolean isValidName(String path) {
        return PathNames.isValid(path);
    }

    @Override
    public FSDataOutputStream createInternal(
            Path path,
            EnumSet<CreateFlag> flags,
            FsPermission permission,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress,
            @Nullable ChecksumOpt checksums,
            boolean createParent)
            throws IOException {
        return files.create(path, permission, flags, bufferSize, replication, blockSize, createParent, progress);
    }

    @Override
    public void mkdir(Path path, FsPermission permission, boolean createParent) throws IOException {
        files.primitiveMkdir(path, permission, createParent);
    }

    @Override
    public void renameInternal(Path source, Path destination) throws IOException {
        files.rename(source, destination, Rename.NONE);
    }

    @Override
    public void renameInternal(Path source, Path destination, boolean overwrite) throws IOException {
        files.rename(source, destination, overwrite ? Rename.OVERWRITE : Rename.NONE);
    }

    @Override
    public RemoteIterator<FileStatus> listStatusIterator(Path path) throws IOException {
        return files.listStatusIterator(path);
    }

    @Override
    public RemoteIterator<LocatedFileStatus> listLocatedStatus(Path path) throws IOException {
        return files.listLocatedStatus(path);
    }

    @Override
    public RemoteIterator<Path> listCorruptFileBlocks(Path path) throws IOException {
        return files.listCorruptFileBlocks(path);
    }

    @Override
    public void access(Path path, FsAction mode) throws IOException {
        files.access(path, mode);
    }

    @Override
    public void msync() throws IOException {
        files.msync();
    }
}
