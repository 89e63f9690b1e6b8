package io.tractfs.tract.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A directory of the machine. Thread-safe. */
public final class DirectoryDisk implements Disk {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;

    /** The tree below a directory, which need not be there yet. */
    public DirectoryDisk(Path root) {
        this.root = root;
    }

    @Override
    public Optional<DiskFile> open(String path) throws IOException {
        try {
            return Optional.of(new ChannelFile(
                    path, FileChannel.open(root.resolve(path), StandardOpenOption.READ, StandardOpenOption.WRITE)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        try {
            return new ChannelFile(
                    path,
                    FileChannel.open(
                            root.resolve(path),
                            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                            OWNER_FILE));
        } catch (IOException e) {
            throw translated(path, e);
        }
    }

    @Override
    public Optional<Path> place(String path) {
        return Optional.of(root.resolve(path).toAbsolutePath());
    }

    @Override
    public List<String> list(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public void createDirectory(String path) throws IOException {
        try {
            Files.createDirectories(root.resolve(path), OWNER_ONLY);
        } catch (IOException e) {
            throw translated(path, e);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try {
            Files.move(
                    root.resolve(from),
                    root.resolve(to),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw translated(to, e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(root.resolve(path));
    }

    @Override
    public void forceDirectory(String path) throws IOException {
        try (FileChannel directory = FileChannel.open(root.resolve(path), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public DiskSpace space() throws IOException {
        FileStore store = Files.getFileStore(root);
        return new DiskSpace(store.getTotalSpace(), store.getUsableSpace());
    }

    @Override
    public DiskLock lock(String path) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve(path), Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE), OWNER_FILE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new IOException(root.resolve(path) + " is locked by this process already", e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new IOException(root.resolve(path) + " is locked by another process");
        }
        return () -> closeQuietly(channel);
    }

    @Override
    public String name() {
        return root.toString();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("lock was not given back", e);
        }
    }

    private static IOException translated(String path, IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") ? new DiskFullException(path, e) : e;
    }

    /** A file of the machine. */
    private record ChannelFile(String path, FileChannel channel) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            try {
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw translated(path, e);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
