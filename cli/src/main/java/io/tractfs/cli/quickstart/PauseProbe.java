package io.tractfs.cli.quickstart;

import io.tractfs.client.ClientConfig;
import io.tractfs.client.CreateOptions;
import io.tractfs.client.TractFsClient;
import io.tractfs.client.TractFsClients;
import io.tractfs.client.TractInput;
import io.tractfs.client.TractOutput;
import io.tractfs.wire.rpc.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Two clients that a user would be: one writes records to a file and flushes each, one reads somewhere in another file. It knows
 * how long the longest of their operations took. Owns two threads. Thread-safe.
 */
final class PauseProbe implements AutoCloseable {
    private static final String DIRECTORY = "/tmp/quickstart-pauses";
    private static final int RECORD = 64 << 10;
    private static final int FILE_RECORDS = 1024;
    /** Between two operations, so that the job has the machine. */
    private static final long PAUSE_MS = 20;

    private static final long JOIN_MS = 60_000;

    private final TractFsClient client;
    private final AtomicLong writerNanos = new AtomicLong();
    private final AtomicLong readerNanos = new AtomicLong();
    private final Thread writer;
    private final Thread reader;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    /** What a client does again and again. */
    @FunctionalInterface
    private interface Deed {
        void run() throws IOException;
    }

    /** Clients of a cluster that serves; they begin with {@link #start()}. */
    PauseProbe(List<HostPort> metadata) {
        client = TractFsClients.connect(metadata, System.getProperty("user.name"), ClientConfig.defaults());
        writer = thread("quickstart-writer-0", this::writeAll);
        reader = thread("quickstart-reader-0", this::readAll);
    }

    private Thread thread(String name, Deed deed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        deed.run();
                    } catch (IOException e) {
                        failure = e;
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    /** Writes the file to read, and lets both begin. */
    void start() throws IOException {
        client.mkdirs(DIRECTORY, 0755, true);
        try (TractOutput out = create("read")) {
            for (int i = 0; i < FILE_RECORDS; i++) {
                out.write(new byte[RECORD], 0, RECORD);
            }
        }
        writer.start();
        reader.start();
    }

    private TractOutput create(String name) throws IOException {
        return client.create(DIRECTORY + "/" + name, new CreateOptions(0644, true, true, false, 0, 0, false));
    }

    private void writeAll() throws IOException {
        byte[] record = new byte[RECORD];
        try (TractOutput out = create("written")) {
            repeat(writerNanos, () -> {
                out.write(record, 0, RECORD);
                out.hflush();
            });
        }
    }

    private void readAll() throws IOException {
        Random random = new Random(1);
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        try (TractInput in = client.open(DIRECTORY + "/read")) {
            repeat(readerNanos, () -> {
                long position = (long) random.nextInt(FILE_RECORDS) * RECORD;
                record.clear();
                while (record.hasRemaining()) {
                    if (in.read(position + record.position(), record) < 0) {
                        throw new EOFException("The file that is read ends before " + (position + RECORD));
                    }
                }
            });
        }
    }

    private void repeat(AtomicLong longest, Deed deed) throws IOException {
        try {
            do {
                long begun = System.nanoTime();
                deed.run();
                longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
            } while (!stopped.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets what was before. An operation under way counts. */
    void reset() {
        writerNanos.set(0);
        readerNanos.set(0);
    }

    /** Longest write with its flush since the reset, in ns. */
    long writerNanos() {
        return writerNanos.get();
    }

    /** Longest read since the reset, in ns. */
    long readerNanos() {
        return readerNanos.get();
    }

    /** Lets the operations under way end, and fails if one has failed. */
    void finish() throws IOException {
        stopped.countDown();
        try {
            writer.join(JOIN_MS);
            reader.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException failed = failure;
        if (failed != null) {
            throw new IOException("A client beside the job failed: " + failed.getMessage(), failed);
        }
        client.delete(DIRECTORY, true);
    }

    @Override
    public void close() {
        stopped.countDown();
        client.close();
    }
}
