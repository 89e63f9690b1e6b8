package io.tractfs.client.read;

import io.tractfs.client.ReadCounters;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one stream. Thread-safe. */
final class ReadMeter {
    final LongAdder bytesRead = new LongAdder();
    final LongAdder bytesFetched = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder localBytes = new LongAdder();

    ReadCounters counters() {
        return new ReadCounters(bytesRead.sum(), bytesFetched.sum(), requests.sum(), retries.sum(), localBytes.sum());
    }
}
