package io.tractfs.tract.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what is durable: {@link #losePower} keeps what was forced, and of the rest each sector of
 * 512 bytes and each change of a directory by a coin. Fails, fills up and flips bits on request. Thread-safe.
 */
public final class InMemoryDisk implements Disk {
    private final long capacity;
    private final Map<String, MemoryFile> names = new TreeMap<>();
    private final Map<String, MemoryFile> durableNames = new TreeMap<>();
    private final List<NameChange> pending = new ArrayList<>();
    private final Set<String> locks = new HashSet<>();
    private Faults faults = (operation, path) -> {};

    /** An empty disk of this many bytes. */
    public InMemoryDisk(long capacity) {
        this.capacity = capacity;
    }

    /** Decides before each operation whether it fails. */
    @FunctionalInterface
    public interface Faults {
        /** Throws if the operation is to fail. */
        void before(Operation operation, String path) throws IOException;
    }

    /** What is about to be done. */
    public enum Operation {
        /** Bytes are read. */
        READ,
        /** Bytes are written. */
        WRITE,
        /** A file is forced. */
        FORCE,
        /** A file or directory is made. */
        CREATE,
        /** A file is renamed. */
        RENAME,
        /** A file is removed. */
        DELETE,
        /** A directory is forced. */
        FORCE_DIRECTORY
    }

    /** Names that change together; null means that the name goes. */
    private record NameChange(Map<String, Optional<MemoryFile>> names) {
        boolean touches(String directory) {
            return names.keySet().stream().anyMatch(name -> parent(name).equals(directory));
        }
    }

    /** Sets what fails from now on. */
    public synchronized void faults(Faults newFaults) {
        faults = newFaults;
    }

    /** Flips a bit of a byte, on the medium as in the cache. */
    public synchronized void flipBit(String path, int offset) throws IOException {
        existing(path).flip(offset);
    }

    /** All files, for tests that damage each of them. */
    public synchronized List<String> files() {
        return List.copyOf(names.keySet());
    }

    /** Ends the machine: locks and what was not forced are gone, the latter in part. */
    public synchronized void losePower(Random random) {
        for (NameChange change : pending) {
            if (random.nextBoolean()) {
                apply(change, durableNames);
            }
        }
        pending.clear();
        names.clear();
        names.putAll(durableNames);
        new LinkedHashSet<>(names.values()).forEach(file -> file.losePower(random));
        locks.clear();
    }

    /** Ends the process: locks are gone, everything else stays. */
    public synchronized void kill() {
        locks.clear();
    }

    @Override
    public synchronized Optional<DiskFile> open(String path) {
        MemoryFile file = names.get(path);
        return file == null ? Optional.empty() : Optional.of(new OpenFile(path, file));
    }

    @Override
    public synchronized boolean exists(String path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        MemoryFile file = names.get(path);
        if (file == null) {
            faults.before(Operation.CREATE, path);
            file = new MemoryFile();
            change(new NameChange(Map.of(path, Optional.of(file))));
        }
        return new OpenFile(path, file);
    }

    @Override
    public Optional<Path> place(String path) {
        return Optional.empty();
    }

    @Override
    public synchronized List<String> list(String directory) {
        return names.keySet().stream()
                .filter(name -> parent(name).equals(directory))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .toList();
    }

    /** Directories are not kept: they come and go with their files. */
    @Override
    public synchronized void createDirectory(String path) throws IOException {
        faults.before(Operation.CREATE, path);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        faults.before(Operation.RENAME, from);
        MemoryFile file = existing(from);
        change(new NameChange(Map.of(from, Optional.empty(), to, Optional.of(file))));
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        faults.before(Operation.DELETE, path);
        if (names.containsKey(path)) {
            change(new NameChange(Map.of(path, Optional.empty())));
        }
    }

    @Override
    public synchronized void forceDirectory(String path) throws IOException {
        faults.before(Operation.FORCE_DIRECTORY, path);
        Set<String> forcedNames = new HashSet<>();
        List<NameChange> forced = new ArrayList<>();
        for (int i = pending.size() - 1; i >= 0; i--) {
            NameChange change = pending.get(i);
            boolean earlier = !Collections.disjoint(change.names().keySet(), forcedNames);
            if (change.touches(path) || earlier) {
                forcedNames.addAll(change.names().keySet());
                forced.add(0, change);
                pending.remove(i);
            }
        }
        forced.forEach(change -> apply(change, durableNames));
    }

    @Override
    public synchronized DiskSpace space() {
        return new DiskSpace(capacity, Math.max(0, capacity - used()));
    }

    @Override
    public synchronized DiskLock lock(String path) throws IOException {
        if (!locks.add(path)) {
            throw new IOException(path + " is locked by this process already");
        }
        return () -> unlock(path);
    }

    @Override
    public String name() {
        return "memory";
    }

    private synchronized void unlock(String path) {
        locks.remove(path);
    }

    private void change(NameChange change) {
        apply(change, names);
        pending.add(change);
    }

    private static void apply(NameChange change, Map<String, MemoryFile> target) {
        change.names().forEach((name, file) -> {
            if (file.isPresent()) {
                target.put(name, file.get());
            } else {
                target.remove(name);
            }
        });
    }

    private MemoryFile existing(String path) throws IOException {
        @Nullable MemoryFile file = names.get(path);
        if (file == null) {
            throw new NoSuchFileException(path);
        }
        return file;
    }

    private long used() {
        return names.values().stream().mapToLong(MemoryFile::occupied).sum();
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** A handle; goes on working when the name is gone. */
    private final class OpenFile implements DiskFile {
        private final String path;
        private final MemoryFile file;

        private OpenFile(String path, MemoryFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (InMemoryDisk.this) {
                faults.before(Operation.READ, path);
                return file.read(target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (InMemoryDisk.this) {
                faults.before(Operation.WRITE, path);
                if (used() + file.growth(position, source.remaining()) > capacity) {
                    throw new DiskFullException(path);
                }
                file.write(source, position);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (InMemoryDisk.this) {
                faults.before(Operation.FORCE, path);
                file.force();
            }
        }

        @Override
        public long size() {
            synchronized (InMemoryDisk.this) {
                return file.size();
            }
        }

        @Override
        public FileChannel channel() {
            synchronized (InMemoryDisk.this) {
                return new BytesChannel(file.copy());
            }
        }

        @Override
        public void close() {}
    }
}
