package io.tractfs.hadoop;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.apache.hadoop.fs.statistics.impl.IOStatisticsBinding;
import org.apache.hadoop.fs.statistics.impl.IOStatisticsStore;
import org.jspecify.annotations.Nullable;

/** What one stream counts, for itself and for its file system's statistics. Thread-safe. */
final class StreamCounters {
    private final IOStatisticsStore store = IOStatisticsBinding.iostatisticsStore()
            .withCounters(
                    StreamStatisticNames.STREAM_READ_BYTES,
                    StreamStatisticNames.STREAM_READ_OPERATIONS,
                    StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS,
                    StreamStatisticNames.STREAM_READ_VECTORED_OPERATIONS,
                    StreamStatisticNames.STREAM_READ_VECTORED_INCOMING_RANGES,
                    StreamStatisticNames.STREAM_READ_UNBUFFERED,
                    StreamStatisticNames.STREAM_READ_CLOSE_OPERATIONS,
                    StreamStatisticNames.STREAM_WRITE_BYTES,
                    StreamStatisticNames.STREAM_WRITE_EXCEPTIONS,
                    "op_hflush",
                    "op_hsync",
                    "op_abort")
            .build();

    // Looked up once: programs read and write byte by byte.
    private final AtomicLong readBytes = store.getCounterReference(StreamStatisticNames.STREAM_READ_BYTES);
    private final AtomicLong readOperations = store.getCounterReference(StreamStatisticNames.STREAM_READ_OPERATIONS);
    private final AtomicLong writeBytes = store.getCounterReference(StreamStatisticNames.STREAM_WRITE_BYTES);

    private final FileSystem.@Nullable Statistics statistics;

    /** Counts for the file system's statistics too, where it has some. */
    StreamCounters(FileSystem.@Nullable Statistics statistics) {
        this.statistics = statistics;
    }

    /** Bytes that the caller got; a negative count is an end of file. */
    void read(long bytes) {
        readOperations.incrementAndGet();
        if (bytes > 0) {
            readBytes.addAndGet(bytes);
            if (statistics != null) {
                statistics.incrementBytesRead(bytes);
            }
        }
    }

    /** Bytes that the caller wrote; Hadoop's wrapper counts them for the file system. */
    void wrote(long bytes) {
        writeBytes.addAndGet(bytes);
    }

    /** One more of something. */
    void count(String name) {
        store.incrementCounter(name);
    }

    /** Some more of something. */
    void count(String name, long amount) {
        store.incrementCounter(name, amount);
    }

    /** All counts. */
    IOStatistics all() {
        return store;
    }
}
