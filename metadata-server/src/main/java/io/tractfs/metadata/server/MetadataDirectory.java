package io.tractfs.metadata.server;

import io.tractfs.id.ClusterId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a metadata server: formatted by command only, locked while it is in use. The file {@code identity} and
 * its copy {@code identity.copy} say to which cluster it belongs ({@link DirectoryIdentity}). Thread-safe.
 */
public final class MetadataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataDirectory.class);
    private static final String IDENTITY = "identity";
    private static final String COPY = "identity.copy";

    private final Path root;
    private final ClusterId cluster;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private MetadataDirectory(Path root, ClusterId cluster, FileChannel lockChannel, FileLock lock) {
        this.root = root;
        this.cluster = cluster;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Makes an empty or absent directory that of a new cluster.
     *
     * @throws IOException if there is anything in it
     */
    public static void format(Path root, ClusterId cluster, UUID instance) throws IOException {
        Files.createDirectories(root);
        requireEmpty(root);
        if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        write(root, new DirectoryIdentity(cluster, instance));
    }

    private static void write(Path root, DirectoryIdentity identity) throws IOException {
        for (String name : List.of(IDENTITY, COPY)) {
            Path written = root.resolve(name + ".new");
            try (FileChannel channel = FileChannel.open(
                    written,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.ISO_8859_1.encode(identity.text()));
                channel.force(true);
            }
            Files.move(
                    written, root.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** Makes sure that a directory is empty or absent. */
    static void requireEmpty(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                throw new IOException("Not formatted, since it is not empty: " + root);
            }
        }
    }

    /**
     * Locks a formatted directory.
     *
     * @throws IOException if it is not formatted, of another layout, or in use
     */
    public static MetadataDirectory open(Path root) throws IOException {
        DirectoryIdentity identity = identity(root);
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel);
        if (lock == null) {
            channel.close();
            throw new IOException("In use by another process: " + root);
        }
        return new MetadataDirectory(root, identity.cluster(), channel, lock);
    }

    /** What the file says, or its copy; one of them that is gone or damaged is put back. */
    private static DirectoryIdentity identity(Path root) throws IOException {
        boolean first = Files.isRegularFile(root.resolve(IDENTITY));
        boolean second = Files.isRegularFile(root.resolve(COPY));
        if (!first && !second) {
            throw new IOException("Not the directory of a metadata server (not formatted, or not mounted?): " + root);
        }
        Optional<DirectoryIdentity> original = read(root.resolve(IDENTITY));
        Optional<DirectoryIdentity> copy = read(root.resolve(COPY));
        DirectoryIdentity identity = original.or(() -> copy)
                .orElseThrow(() -> new IOException(root.resolve(IDENTITY) + " and " + COPY
                        + " beside it are damaged or of a newer program. Bring back a copy of one of them; one of several"
                        + " metadata servers joins again with an empty directory"));
        if (original.isEmpty() || copy.isEmpty()) {
            if (first && second) {
                LOG.error(
                        "event=identity-repaired directory={} damaged={}", root, original.isEmpty() ? IDENTITY : COPY);
            }
            write(root, identity);
        }
        return identity;
    }

    private static Optional<DirectoryIdentity> read(Path file) throws IOException {
        return Files.isRegularFile(file)
                ? DirectoryIdentity.parse(Files.readString(file, StandardCharsets.ISO_8859_1))
                : Optional.empty();
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // Another server in this process has it.
        }
    }

    /** The cluster that it belongs to. */
    public ClusterId cluster() {
        return cluster;
    }

    /** A directory below it. */
    public Path resolve(String name) {
        return root.resolve(name);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }
}
