package io.tractfs.client.write;

import io.netty.buffer.ByteBufAllocator;
import io.tractfs.client.lease.WriterLease;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.retry.RetryConfig;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.client.transport.Timer;
import io.tractfs.error.TractException;
import io.tractfs.table.TableImage;
import io.tractfs.time.Clock;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Makes the streams of one client. Thread-safe. */
public final class OutputFactory {
    private static final long SLOW_MS = 500;
    private static final long SLOW_COMPLAINT_MS = 10_000;
    private static final long LONGEST_REFRESH_PAUSE_MS = 100;

    private final SegmentDriver.Context context;
    private final WriteConfig config;
    private final WriteTiming timing;
    private final ByteBufAllocator allocator;
    private final SplittableRandom seeds;

    /**
     * A factory over the client's parts.
     *
     * @param complaints takes complaints about members to the leader
     * @param seeds of the jitter of each stream
     */
    public OutputFactory(
            Transport transport,
            TableCache table,
            Consumer<WriteEffect.Complain> complaints,
            WriteConfig config,
            RetryConfig retry,
            SplittableRandom seeds) {
        this.context =
                new SegmentDriver.Context(transport.stores(), table, complaints, transport.timer(), transport.clock());
        this.config = config;
        this.allocator = transport.allocator();
        this.seeds = seeds;
        this.timing = new WriteTiming(
                new Backoff(retry.leastDelayMs(), retry.mostDelayMs()),
                new Backoff(retry.leastDelayMs(), Math.min(retry.mostDelayMs(), LONGEST_REFRESH_PAUSE_MS)),
                SLOW_MS,
                SLOW_COMPLAINT_MS,
                config.frozenPatienceMs(),
                config.unavailablePatienceMs(),
                retry.totalMs());
    }

    /** Network, time and memory. */
    public record Transport(StoreCalls stores, Timer timer, Clock clock, ByteBufAllocator allocator) {}

    /**
     * Where a stream begins.
     *
     * @param target the last segment
     * @param fileStart where it begins in the file
     * @param segmentLength bytes that it has
     * @param created whether the file was created for this stream
     */
    public record Start(WriteTarget target, long fileStart, long segmentLength, boolean created) {}

    /** A stream at the end of a file; fetches the table if it is not there yet. */
    public StripedOutput open(OpenFile file, WriterLease lease, Start start, boolean syncOnClose)
            throws TractException {
        TableImage first = context.table().await();
        StripedOutput.Settings settings = new StripedOutput.Settings(
                allocator, config.packetBytes(), config.bufferBytes(), syncOnClose, start.created());
        StripedOutput.DriverFactory drivers = (target, length, listener, emptyMoves) -> {
            TableImage image = context.table().current().orElse(first);
            WriteTiming patient = timing.withFrozenPatience(timing.frozenPatienceMs() << emptyMoves);
            SegmentWriter core = new SegmentWriter(target, length, syncOnClose, image, patient, seed());
            return new SegmentDriver(core, target, context, listener);
        };
        return new StripedOutput(
                file, lease, settings, drivers, start.target(), start.fileStart(), start.segmentLength());
    }

    private SplittableRandom seed() {
        synchronized (seeds) {
            return seeds.split();
        }
    }
}
