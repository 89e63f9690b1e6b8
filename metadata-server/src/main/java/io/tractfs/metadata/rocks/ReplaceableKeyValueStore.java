package io.tractfs.metadata.rocks;

import io.tractfs.metadata.namespace.KeySpace;
import io.tractfs.metadata.namespace.KeyValueBatch;
import io.tractfs.metadata.namespace.KeyValueSnapshot;
import io.tractfs.metadata.namespace.KeyValueStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tables in a directory that can be replaced as a whole by others, which are put beside it. A replacement waits until
 * nobody reads, snapshots included. After a crash in the middle of one, {@link #open} ends it. Thread-safe as the tables
 * are.
 */
public final class ReplaceableKeyValueStore implements KeyValueStore {
    private final Path directory;
    private final RocksLimits limits;
    private final StampedLock lock = new StampedLock();
    private RocksKeyValueStore store;

    private ReplaceableKeyValueStore(Path directory, RocksLimits limits, RocksKeyValueStore store) {
        this.directory = directory;
        this.limits = limits;
        this.store = store;
    }

    /** Opens the tables in a directory, which is made if it is missing. */
    public static ReplaceableKeyValueStore open(Path directory, RocksLimits limits) throws IOException {
        Path ready = ready(directory);
        if (Files.isDirectory(ready)) {
            delete(directory);
            rename(ready, directory);
        }
        delete(incoming(directory));
        return new ReplaceableKeyValueStore(directory, limits, RocksKeyValueStore.open(directory, limits));
    }

    /** Where other tables are to be put. */
    public Path incoming() {
        return incoming(directory);
    }

    private static Path incoming(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".incoming");
    }

    /** Other tables are whole there: from now on they are the ones that count. */
    private static Path ready(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".ready");
    }

    /** Puts the tables that are in {@link #incoming()} in the place of the present ones. */
    public void replace() throws IOException {
        long stamp = lock.writeLock();
        try {
            delete(ready(directory));
            rename(incoming(directory), ready(directory));
            store.close();
            delete(directory);
            rename(ready(directory), directory);
            store = RocksKeyValueStore.open(directory, limits);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** A copy of this instant in a directory that does not exist yet, on the same disk: files are linked. */
    public void checkpoint(Path target) throws IOException {
        long stamp = read();
        try {
            store.checkpoint(target);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** A reader that is inside already does not queue up behind a replacement that waits for it. */
    private long read() {
        long stamp = lock.tryReadLock();
        return stamp == 0 ? lock.readLock() : stamp;
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(to.resolveSibling("."), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    /** Deletes a directory with all that is in it; no error if it is not there. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    @Override
    public byte @Nullable [] get(KeySpace space, byte[] key) {
        long stamp = read();
        try {
            return store.get(space, key);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
        long stamp = read();
        try {
            store.scan(space, prefix, from, visitor);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public void write(KeyValueBatch batch) {
        long stamp = read();
        try {
            store.write(batch);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public void flush() {
        long stamp = read();
        try {
            store.flush();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    @Override
    public KeyValueSnapshot snapshot() {
        long stamp = read();
        return new HeldSnapshot(lock, stamp, store.snapshot());
    }

    @Override
    public KeyValueSnapshot memorySnapshot() {
        long stamp = read();
        return new HeldSnapshot(lock, stamp, store.memorySnapshot());
    }

    @Override
    public void close() {
        store.close();
    }

    /** Keeps the tables from being replaced until it is closed. Thread-safe until closed. */
    private record HeldSnapshot(StampedLock lock, long stamp, KeyValueSnapshot snapshot) implements KeyValueSnapshot {
        @Override
        public byte @Nullable [] get(KeySpace space, byte[] key) {
            return snapshot.get(space, key);
        }

        @Override
        public void scan(KeySpace space, byte[] prefix, byte[] from, Visitor visitor) {
            snapshot.scan(space, prefix, from, visitor);
        }

        @Override
        public void close() {
            snapshot.close();
            lock.unlockRead(stamp);
        }
    }
}
