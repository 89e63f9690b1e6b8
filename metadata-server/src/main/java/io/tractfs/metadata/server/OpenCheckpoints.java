package io.tractfs.metadata.server;

import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.metadata.rocks.ReplaceableKeyValueStore;
import io.tractfs.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints that somebody fetches: each is a directory of linked files until it is closed, or was not read for a while.
 * Thread-safe.
 */
final class OpenCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OpenCheckpoints.class);

    /** Most at a time. */
    static final int MOST = 4;

    /** Of these, those that nobody waits for begin only while there are fewer than so many. */
    static final int MOST_IN_BACKGROUND = 2;

    private static final long IDLE_MS = 60_000;

    private final Path root;
    private final Maker maker;
    private final Clock clock;
    private final Map<Long, Opened> opened = new HashMap<>();
    private long next = 1;

    /** Makes a copy of this instant. */
    @FunctionalInterface
    interface Maker {
        /**
         * Into a directory that does not exist yet.
         *
         * @param log whether the files of the log are wanted too
         */
        void make(Path directory, boolean log) throws IOException;
    }

    /** One checkpoint; the time is guarded by the whole. */
    private static final class Opened {
        final Path directory;
        final List<Path> files;
        long usedMs;

        Opened(Path directory, List<Path> files, long usedMs) {
            this.directory = directory;
            this.files = files;
            this.usedMs = usedMs;
        }
    }

    /** Below a directory, in which nothing is left from before. */
    OpenCheckpoints(Path root, Maker maker, Clock clock) throws IOException {
        this.root = root;
        this.maker = maker;
        this.clock = clock;
        ReplaceableKeyValueStore.delete(root);
        Files.createDirectories(root);
    }

    /**
     * Makes one; gives its number. Blocks for the flush of what is in memory.
     *
     * @param background whether nobody waits for it
     * @throws TractException BUSY if there are too many
     */
    long open(boolean log, boolean background) throws IOException {
        long id = begin(background ? MOST_IN_BACKGROUND : MOST);
        Path directory = root.resolve(Long.toString(id));
        try {
            maker.make(directory, log);
        } catch (IOException | RuntimeException e) {
            ReplaceableKeyValueStore.delete(directory);
            throw e;
        }
        try (Stream<Path> files = Files.list(directory)) {
            Opened made = new Opened(directory, files.sorted().toList(), clock.monotonicMs());
            synchronized (this) {
                opened.put(id, made);
            }
        }
        return id;
    }

    private synchronized long begin(int most) throws TractException {
        if (opened.size() >= most) {
            throw new TractException(ErrorCode.BUSY, opened.size() + " checkpoints are being fetched; try again later");
        }
        return next++;
    }

    /** Its files, in the order of their numbers. */
    List<Path> files(long id) throws TractException {
        return use(id).files;
    }

    private synchronized Opened use(long id) throws TractException {
        Opened found = opened.get(id);
        if (found == null) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT,
                    "There is no checkpoint " + id + ": it was closed, or not read for long");
        }
        found.usedMs = clock.monotonicMs();
        return found;
    }

    /** Reads a piece of a file. */
    ByteBuffer read(long id, int file, long offset, int length) throws IOException {
        List<Path> files = files(id);
        if (file < 0 || file >= files.size() || offset < 0) {
            throw new TractException(
                    ErrorCode.INVALID_ARGUMENT, "Checkpoint " + id + " has no byte " + offset + " of file " + file);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(files.get(file), StandardOpenOption.READ)) {
            long at = offset;
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, at);
                at += Math.max(0, read);
            }
        }
        return bytes.flip();
    }

    /** Removes one; twice is a no-op. */
    void close(long id) throws IOException {
        Opened gone;
        synchronized (this) {
            gone = opened.remove(id);
        }
        if (gone != null) {
            ReplaceableKeyValueStore.delete(gone.directory);
        }
    }

    /** Removes those that nobody reads any more; to be called now and then. */
    void expire() {
        long now = clock.monotonicMs();
        List<Long> idle;
        synchronized (this) {
            idle = opened.entrySet().stream()
                    .filter(entry -> now - entry.getValue().usedMs >= IDLE_MS)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        for (long id : idle) {
            try {
                LOG.warn("event=checkpoint-abandoned id={}", id);
                close(id);
            } catch (IOException e) {
                LOG.warn("event=checkpoint-not-removed id={} reason=\"{}\"", id, e.toString());
            }
        }
    }
}
