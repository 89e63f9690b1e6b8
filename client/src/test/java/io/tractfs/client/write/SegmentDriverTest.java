package io.tractfs.client.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tractfs.client.retry.Backoff;
import io.tractfs.client.table.TableCache;
import io.tractfs.client.transport.RpcCalls;
import io.tractfs.client.transport.StoreCalls;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.time.Clock;
import io.tractfs.wire.rpc.Body;
import io.tractfs.wire.rpc.CallOptions;
import io.tractfs.wire.rpc.HostPort;
import io.tractfs.wire.rpc.Method;
import io.tractfs.wire.rpc.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SegmentDriverTest {
    private final List<TractException> failures = new ArrayList<>();

    // Once an error on an event loop left the inbox as if somebody worked it off, and close waited for ever.
    @Test
    void anErrorOnAnyThreadFailsTheStream() {
        SegmentDriver driver = driver(new BrokenClock(new NoClassDefFoundError("a class that is gone")));
        ByteBuf buffer = Unpooled.buffer(100).writeZero(100);

        driver.append(new Packet(1, 0, 0, 100), buffer, true);

        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failures.get(0)).hasMessageContaining("a class that is gone");
        assertThat(buffer.refCnt()).isZero();
        CompletableFuture<Iterable<SegmentDriver.Kept>> kept = new CompletableFuture<>();
        driver.takeKept(kept::complete);
        assertThat(kept).isCompletedWithValueMatching(left -> !left.iterator().hasNext());
    }

    private SegmentDriver driver(Clock clock) {
        InMemoryTractCluster cluster = new InMemoryTractCluster(6, 4);
        WriteTarget target = new WriteTarget(new BlobId(1L << 40), 256, 3, new Generation(1), 3);
        WriteTiming timing = new WriteTiming(new Backoff(5, 100), new Backoff(5, 50), 100, 1_000, 50, 500, 600_000);
        SegmentWriter core = new SegmentWriter(target, 0, true, cluster.image(), timing, new SplittableRandom(1));
        SegmentDriver.Context context = new SegmentDriver.Context(
                new StoreCalls(new NoCalls(), 1_000),
                new TableCache(request -> new CompletableFuture<>()),
                complaint -> {},
                (delayMs, task) -> () -> {},
                clock);
        return new SegmentDriver(core, target, context, new Failures());
    }

    private final class Failures implements SegmentDriver.Listener {
        @Override
        public void progressed(long acknowledged, long synced, long releasedBytes) {}

        @Override
        public void movedOn(long length) {}

        @Override
        public void failed(TractException error) {
            failures.add(error);
        }
    }

    private record BrokenClock(Error error) implements Clock {
        @Override
        public long nanoTime() {
            throw error;
        }

        @Override
        public long wallMs() {
            throw error;
        }
    }

    /** Nobody answers. */
    private static final class NoCalls implements RpcCalls {
        @Override
        public <Q extends MessageLite, R extends MessageLite> CompletableFuture<Reply<R>> call(
                HostPort address, Method<Q, R> method, Q message, Body body, CallOptions options) {
            return new CompletableFuture<>();
        }
    }
}
