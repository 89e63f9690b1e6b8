package io.tractfs.bench.faults;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** What clients do while servers are hurt, on one file system. Thread-safe. */
final class FaultClients {
    /** Where the data is. */
    static final Path DATA = new Path("/faults/data");

    private static final Path NAMES = new Path("/faults/names");
    private static final Path OPEN = new Path("/faults/open");
    private static final int FILES = 8;
    private static final int RECORD = 64 << 10;
    private static final int PIECE = 1 << 20;
    private static final long BLOCK = 128L << 20;
    private static final short COPIES = 3;
    private static final long RETRY_MS = 20;
    private static final int CALLERS = 32;
    private static final int NAMES_OF_DIRECTORY = 10_000;

    private final FileSystem files;
    private final byte[] bytes = new byte[PIECE];
    private final long fileBytes;

    /** Clients of a file system that is to hold so many bytes. */
    FaultClients(FileSystem files, long totalBytes) {
        this.files = files;
        this.fileBytes = Math.max(1, totalBytes / FILES / PIECE) * PIECE;
        new Random(1).nextBytes(bytes);
    }

    /** Writes the data. */
    void writeData() throws IOException {
        for (int file = 0; file < FILES; file++) {
            try (FSDataOutputStream out = create(data(file))) {
                for (long written = 0; written < fileBytes; written += PIECE) {
                    out.write(bytes, 0, PIECE);
                }
            }
        }
    }

    /** Makes empty files, ten thousand in a directory, by many callers at once. */
    void makeNames(int count) throws IOException {
        files.mkdirs(DATA);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                running.add(callers.submit(() -> makeEach(first, count)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted");
        } catch (ExecutionException e) {
            throw new IOException("Names could not be made: " + e.getCause(), e);
        } finally {
            callers.shutdownNow();
        }
    }

    private @Nullable Void makeEach(int first, int count) throws IOException {
        for (int number = first; number < count; number += CALLERS) {
            files.create(new Path(NAMES, "d" + number / NAMES_OF_DIRECTORY + "/n" + number))
                    .close();
        }
        return null;
    }

    /** Makes an empty file, however often it has to be tried. */
    void createAtLast() throws IOException {
        while (true) {
            try {
                files.create(new Path(
                                NAMES, "late-" + ThreadLocalRandom.current().nextLong()))
                        .close();
                return;
            } catch (IOException e) {
                rest(RETRY_MS);
            }
        }
    }

    /** Begins a file whose every record is flushed to all members. */
    OpenFile open() throws IOException {
        return new OpenFile(create(OPEN));
    }

    /** A file being written. */
    final class OpenFile implements AutoCloseable {
        private final FSDataOutputStream out;
        private long written;
        private boolean givenUp;

        private OpenFile(FSDataOutputStream out) {
            this.out = out;
        }

        /** Path of the file. */
        String path() {
            return OPEN.toString();
        }

        /** Writes one record and flushes it. */
        void append() throws IOException {
            out.write(bytes, 0, RECORD);
            out.hflush();
            written += RECORD;
        }

        /** Expects nothing of the file any more, since its writer has failed. */
        void giveUp() {
            givenUp = true;
        }

        /** Closes the file and reads it back, unless it was given up. */
        @Override
        public void close() throws IOException {
            if (givenUp) {
                return;
            }
            out.close();
            byte[] read = new byte[RECORD];
            try (FSDataInputStream in = files.open(OPEN)) {
                for (long offset = 0; offset < written; offset += RECORD) {
                    in.readFully(read);
                    if (!Arrays.equals(read, 0, RECORD, bytes, 0, RECORD)) {
                        throw new IOException("Wrong bytes at " + offset + " of " + OPEN);
                    }
                }
            }
            files.delete(OPEN, false);
        }
    }

    /** Reads a record somewhere in the data and compares it. */
    void readSomewhere(Random random) throws IOException {
        long offset = (long) (random.nextDouble() * (fileBytes - RECORD)) / RECORD * RECORD;
        Path path = data(random.nextInt(FILES));
        byte[] read = new byte[RECORD];
        try (FSDataInputStream in = files.open(path)) {
            in.readFully(offset, read);
        }
        int from = (int) (offset % PIECE);
        if (!Arrays.equals(read, 0, RECORD, bytes, from, from + RECORD)) {
            throw new IOException("Wrong bytes at " + offset + " of " + path);
        }
    }

    private static Path data(int file) {
        return new Path(DATA, "f" + file);
    }

    private FSDataOutputStream create(Path path) throws IOException {
        return files.create(path, true, RECORD, COPIES, BLOCK);
    }

    /** Waits a moment. */
    static void rest(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted");
        }
    }
}
