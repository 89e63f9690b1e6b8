package io.tractfs.hadoop;

import io.tractfs.client.FileInfo;
import io.tractfs.client.ReadCounters;
import io.tractfs.client.ReadPattern;
import io.tractfs.client.TractInput;
import io.tractfs.client.TractOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;

/** The streams of {@link InMemoryTractFsClient}. Immutable. */
final class InMemoryStreams {
    private InMemoryStreams() {}

    /** Reads at most a few thousand bytes at a time, as a real one may. Thread-safe. */
    static final class Input implements TractInput {
        private static final int MOST = 5000;

        private final InMemoryTractFsClient client;
        private final InMemoryNode node;
        private final FileInfo info;
        private volatile long length;
        private volatile long bytesRead;
        volatile ReadPattern pattern = ReadPattern.ADAPTIVE;

        Input(InMemoryTractFsClient client, InMemoryNode node) {
            this.client = client;
            this.node = node;
            this.info = node.info("");
            this.length = node.visible;
        }

        @Override
        public FileInfo info() {
            return info;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public long refreshLength() {
            synchronized (client) {
                length = node.visible;
            }
            return length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            synchronized (client) {
                if (!target.hasRemaining()) {
                    return 0;
                }
                if (position >= length) {
                    return -1;
                }
                int count = (int) Math.min(Math.min(target.remaining(), MOST), length - position);
                target.put(node.content, (int) position, count);
                bytesRead += count;
                return count;
            }
        }

        @Override
        public CompletableFuture<Integer> readAsync(long position, ByteBuffer target) {
            return CompletableFuture.supplyAsync(() -> read(position, target));
        }

        @Override
        public void unbuffer() {}

        @Override
        public boolean turnToAnotherCopy(long position) {
            return false;
        }

        @Override
        public void hint(ReadPattern hint) {
            pattern = hint;
        }

        @Override
        public ReadCounters counters() {
            return new ReadCounters(bytesRead, bytesRead, 0, 0, 0);
        }

        @Override
        public void close() {}
    }

    /** Bytes become visible at a flush or at close. Thread-safe. */
    static final class Output implements TractOutput {
        private final InMemoryTractFsClient client;
        private final InMemoryNode node;
        private final Runnable discard;
        private boolean closed;
        private boolean failed;

        Output(InMemoryTractFsClient client, InMemoryNode node, Runnable discard) {
            this.client = client;
            this.node = node;
            this.discard = discard;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (client) {
                try {
                    ensureOpen();
                } catch (IOException e) {
                    failed = true;
                    throw e;
                }
                node.append(bytes, offset, length);
            }
        }

        @Override
        public long position() {
            synchronized (client) {
                return node.written;
            }
        }

        @Override
        public void hflush() throws IOException {
            synchronized (client) {
                ensureOpen();
                node.visible = node.written;
            }
        }

        @Override
        public void hsync(boolean updateLength) throws IOException {
            hflush();
        }

        @Override
        public void close() throws IOException {
            synchronized (client) {
                if (!closed) {
                    closed = true;
                    client.failIfTold();
                    if (failed) {
                        throw new IOException("A write failed");
                    }
                    node.visible = node.written;
                    node.open = false;
                    node.modificationMs = client.now();
                }
            }
        }

        @Override
        public void abort() {
            synchronized (client) {
                if (!closed) {
                    closed = true;
                    node.open = false;
                    node.written = node.visible;
                    discard.run();
                }
            }
        }

        private void ensureOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            client.failIfTold();
        }
    }
}
