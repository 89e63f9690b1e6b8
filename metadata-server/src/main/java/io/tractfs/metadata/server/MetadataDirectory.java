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
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a metadata server: formatted by command only, locked while it is in use. The file {@code identity}
 * says to which cluster it belongs:
 *
 * <pre>
 * tractfs-metadata 1
 * cluster UUID
 * instance UUID
 * </pre>
 *
 * Thread-safe.
 */
public final class MetadataDirectory implements AutoCloseable {
    private static final String IDENTITY = "identity";
    private static final String MAGIC = "tractfs-metadata 1";

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
        String text = MAGIC + "\ncluster " + cluster + "\ninstance " + instance + "\n";
        Path written = root.resolve(IDENTITY + ".new");
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
        Files.move(written, root.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
            directory.force(true);
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
        Path identity = root.resolve(IDENTITY);
        if (!Files.isRegularFile(identity)) {
            throw new IOException("Not the directory of a metadata server (not formatted, or not mounted?): " + root);
        }
        List<String> lines = Files.readAllLines(identity, StandardCharsets.UTF_8);
        if (lines.size() < 2 || !lines.get(0).equals(MAGIC) || !lines.get(1).startsWith("cluster ")) {
            throw new IOException("Expected '" + MAGIC + "' and a cluster id in " + identity);
        }
        ClusterId cluster = ClusterId.parse(lines.get(1).substring("cluster ".length()));
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel);
        if (lock == null) {
            channel.close();
            throw new IOException("In use by another process: " + root);
        }
        return new MetadataDirectory(root, cluster, channel, lock);
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
