package io.tractfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.testkit.SharedCluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What streams of a cluster of processes promise beyond what HDFS's do: threads, counts, capabilities, giving up. */
class StreamPromisesIT {
    private static final Path DIRECTORY = new Path("/promises");
    private static final int LENGTH = 20 << 20;
    private static final int THREADS = 8;
    private static final int READS = 60;

    private FileSystem files;

    @BeforeEach
    void open() throws IOException {
        files = SharedCluster.get().newFileSystem();
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path path = new Path(DIRECTORY, name);
        try (FSDataOutputStream out = files.create(path, true)) {
            out.write(bytes);
        }
        return path;
    }

    @Test
    void manyThreadsReadOneStream() throws Exception {
        byte[] bytes = bytes(LENGTH);
        Path path = write("read", bytes);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (FSDataInputStream in = files.open(path)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                readers.add(threads.submit(() -> readHereAndThere(in, bytes, random)));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static @Nullable Void readHereAndThere(FSDataInputStream in, byte[] bytes, SplittableRandom random)
            throws IOException {
        for (int i = 0; i < READS; i++) {
            int position = random.nextInt(bytes.length);
            int count = random.nextInt(Math.min(1 << 18, bytes.length - position));
            switch (random.nextInt(4)) {
                case 0 -> in.unbuffer();
                case 1 -> {
                    in.seek(position);
                    assertThat(in.read(new byte[10])).isPositive();
                }
                default -> {
                    ByteBuffer target = ByteBuffer.allocate(count);
                    in.readFully(position, target);
                    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, position, count));
                }
            }
        }
        return null;
    }

    @Test
    void manyThreadsWriteOneStream() throws Exception {
        Path path = new Path(DIRECTORY, "written");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (FSDataOutputStream out = files.create(path, true)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                byte[] record = new byte[1_000];
                Arrays.fill(record, (byte) i);
                writers.add(threads.submit(() -> {
                    for (int j = 0; j < READS; j++) {
                        out.write(record);
                        if (j % 20 == 0) {
                            out.hflush();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        int[] records = new int[THREADS];
        byte[] record = new byte[1_000];
        try (FSDataInputStream in = files.open(path)) {
            for (int i = 0; i < THREADS * READS; i++) {
                in.readFully(record);
                assertThat(record).containsOnly(record[0]);
                records[record[0]]++;
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(records).containsOnly(READS);
    }

    @Test
    void seekToNewSourceReadsTheSameBytesFromAnotherCopy() throws Exception {
        byte[] bytes = bytes(1 << 20);
        Path path = write("copies", bytes);
        try (FSDataInputStream in = files.open(path)) {
            for (int copy = 0; copy < 3; copy++) {
                byte[] read = new byte[bytes.length];
                in.readFully(read);
                assertThat(read).isEqualTo(bytes);
                assertThat(in.seekToNewSource(0)).isTrue();
                assertThat(in.getPos()).isZero();
            }
        }
    }

    @Test
    @SuppressWarnings("deprecation") // Programs still ask for hflush by its own name.
    void capabilitiesTellTheTruth() throws Exception {
        Path path = write("capable", bytes(10));
        try (FSDataInputStream in = files.open(path)) {
            assertThat(in.hasCapability(StreamCapabilities.READAHEAD)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.UNBUFFER)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.READBYTEBUFFER)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.PREADBYTEBUFFER)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.VECTOREDIO)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.IOSTATISTICS)).isTrue();
            assertThat(in.hasCapability(StreamCapabilities.DROPBEHIND)).isFalse();
            assertThat(in.hasCapability(StreamCapabilities.HSYNC)).isFalse();
        }
        try (FSDataOutputStream out = files.create(path, true)) {
            assertThat(out.hasCapability(StreamCapabilities.HFLUSH)).isTrue();
            assertThat(out.hasCapability(StreamCapabilities.HSYNC)).isTrue();
            assertThat(out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)).isTrue();
            assertThat(out.hasCapability(StreamCapabilities.IOSTATISTICS)).isTrue();
            assertThat(out.hasCapability(StreamCapabilities.DROPBEHIND)).isFalse();
        }
    }

    @Test
    void statisticsCountWhatWasDone() throws Exception {
        Path path = new Path(DIRECTORY, "counted");
        try (FSDataOutputStream out = files.create(path, true)) {
            out.write(bytes(3_000));
            out.hflush();
            out.hsync();
            IOStatistics counts = out.getIOStatistics();
            assertThat(counts.counters())
                    .containsEntry(StreamStatisticNames.STREAM_WRITE_BYTES, 3_000L)
                    .containsEntry("op_hflush", 1L)
                    .containsEntry("op_hsync", 1L);
        }
        try (FSDataInputStream in = files.open(path)) {
            assertThat(in.read(new byte[1_000])).isEqualTo(1_000);
            in.readFully(500, new byte[100]);
            in.seek(7);
            in.unbuffer();
            assertThat(in.getIOStatistics().counters())
                    .containsEntry(StreamStatisticNames.STREAM_READ_BYTES, 1_100L)
                    .containsEntry(StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS, 1L)
                    .containsEntry(StreamStatisticNames.STREAM_READ_UNBUFFERED, 1L);
        }
    }

    @Test
    void anAbortedFileIsGoneAndAnAbortedAppendKeepsWhatWasThere() throws Exception {
        Path made = new Path(DIRECTORY, "aborted");
        FSDataOutputStream out = files.create(made, true);
        out.write(bytes(3_000));
        assertThat(out.abort().alreadyClosed()).isFalse();
        assertThat(out.abort().alreadyClosed()).isTrue();
        out.close();
        assertThatThrownBy(() -> out.write(bytes(10))).isInstanceOf(IOException.class);
        assertThat(files.exists(made)).isFalse();

        Path kept = write("kept", bytes(100));
        FSDataOutputStream more = files.append(kept);
        more.write(bytes(3_000));
        assertThat(more.abort().anyCleanupException()).isNull();
        assertThat(files.getFileStatus(kept).getLen()).isEqualTo(100);
        try (FSDataOutputStream again = files.append(kept)) {
            again.write(1);
        }
        assertThat(files.getFileStatus(kept).getLen()).isEqualTo(101);
    }
}
