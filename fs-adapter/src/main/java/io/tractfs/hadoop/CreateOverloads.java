package io.tractfs.hadoop;

import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.MultipartUploaderBuilder;
import org.apache.hadoop.fs.Options.ChecksumOpt;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.impl.FileSystemMultipartUploaderBuilder;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/** Hadoop's ways to create a file, or to open one at its end, each brought down to one. Thread-safe, as what extends it is. */
@SuppressWarnings("deprecation") // FileContext still calls what Hadoop deprecates.
abstract class CreateOverloads extends FileSystem {
    @Override
    public FSDataOutputStream create(
            Path path,
            @Nullable FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        EnumSet<CreateFlag> flags =
                overwrite ? EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE) : EnumSet.of(CreateFlag.CREATE);
        return create(path, permission, flags, bufferSize, replication, blockSize, progress, null);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            @Nullable FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress,
            @Nullable ChecksumOpt checksums)
            throws IOException {
        return create(path, masked(permission), flags, bufferSize, replication, blockSize, true, progress);
    }

    @Override
    public FSDataOutputStream createNonRecursive(
            Path path,
            @Nullable FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        EnumSet<CreateFlag> completed = EnumSet.copyOf(flags);
        if (flags.contains(CreateFlag.OVERWRITE)) {
            // As HDFS has it here, and only here.
            completed.add(CreateFlag.CREATE);
        }
        return create(path, masked(permission), completed, bufferSize, replication, blockSize, false, progress);
    }

    @Override
    protected FSDataOutputStream primitiveCreate(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress,
            @Nullable ChecksumOpt checksums)
            throws IOException {
        return create(path, permission, flags, bufferSize, replication, blockSize, true, progress);
    }

    /** Atomic, unlike Hadoop's: of several callers one gets true. */
    @Override
    public boolean createNewFile(Path path) throws IOException {
        if (exists(path)) {
            return false;
        }
        try {
            create(path, false).close();
            return true;
        } catch (FileAlreadyExistsException | FileBeingWrittenException e) {
            return false;
        }
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        return append(path, bufferSize, progress, false);
    }

    @Override
    public MultipartUploaderBuilder<?, ?> createMultipartUploader(Path base) throws IOException {
        return new FileSystemMultipartUploaderBuilder(this, makeQualified(base));
    }

    /** The permission of a new file, the umask applied. */
    abstract FsPermission masked(@Nullable FsPermission permission);

    /** With the permission as it is, the umask applied already. */
    abstract FSDataOutputStream create(
            Path path,
            FsPermission permission,
            EnumSet<CreateFlag> flags,
            int bufferSize,
            short replication,
            long blockSize,
            boolean createParent,
            @Nullable Progressable progress)
            throws IOException;
}
