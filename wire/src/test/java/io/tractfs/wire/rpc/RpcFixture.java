package io.tractfs.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.RowVersion;
import io.tractfs.wire.auth.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A server on a free port, a client, and methods to call; checks at its end that every buffer was released. */
final class RpcFixture implements AutoCloseable {
    static final Method<StringValue, StringValue> ECHO =
            new Method<>(9001, "echo", StringValue.parser(), StringValue.parser());
    static final Method<StringValue, StringValue> HOLD =
            new Method<>(9002, "hold", StringValue.parser(), StringValue.parser());
    static final Method<StringValue, StringValue> FILE =
            new Method<>(9003, "file", StringValue.parser(), StringValue.parser());
    static final Method<StringValue, StringValue> REFUSE =
            new Method<>(9004, "refuse", StringValue.parser(), StringValue.parser());
    static final Method<BytesValue, BytesValue> BLOB =
            new Method<>(9005, "blob", BytesValue.parser(), BytesValue.parser());
    static final Method<StringValue, StringValue> BROKEN =
            new Method<>(9006, "broken", StringValue.parser(), StringValue.parser());
    static final Method<StringValue, StringValue> ABSENT =
            new Method<>(9099, "absent", StringValue.parser(), StringValue.parser());
    static final CallOptions OPTIONS = CallOptions.timeout(20_000);

    final EventLoops loops;
    final RpcServer server;
    final HostPort address;
    final LinkedBlockingQueue<Exchange<StringValue, StringValue>> held = new LinkedBlockingQueue<>();

    private RpcFixture(EventLoops loops, UnaryOperator<RpcServer.Builder> settings) throws IOException {
        this.loops = loops;
        RpcServer.Builder builder = RpcServer.builder()
                .bind(new HostPort("127.0.0.1", 0))
                .loops(loops)
                .on(ECHO, exchange -> exchange.reply(exchange.message(), Body.of(exchange.body())))
                .on(HOLD, held::add)
                .on(FILE, RpcFixture::replyFile)
                .on(REFUSE, exchange -> {
                    exchange.body().release();
                    exchange.fail(new TractException(
                            ErrorCode.STALE_VERSION, "row 7 is at 1.2", new RowVersion(0x1_0000_0002L), null));
                })
                .on(BLOB, exchange -> exchange.reply(exchange.message()))
                .on(BROKEN, exchange -> {
                    throw new IllegalArgumentException("broken on purpose");
                });
        this.server = settings.apply(builder).build();
        this.address = server.start();
    }

    static RpcFixture start() throws IOException {
        return start(builder -> builder);
    }

    static RpcFixture start(UnaryOperator<RpcServer.Builder> settings) throws IOException {
        return new RpcFixture(new EventLoops("test", 2, 20), settings);
    }

    static RpcFixture startOnNio() throws IOException {
        return new RpcFixture(new EventLoops("test", 2, 0, false), builder -> builder);
    }

    /** Replies with checksums of four bytes and the file that the message names. */
    private static void replyFile(Exchange<StringValue, StringValue> exchange) {
        exchange.body().release();
        java.io.File file = Path.of(exchange.message().getValue()).toFile();
        ByteBuf prefix = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4});
        exchange.reply(exchange.message(), Body.of(prefix, new DefaultFileRegion(file, 0, file.length())));
    }

    RpcClient client() {
        return client(RpcClientConfig.defaults());
    }

    RpcClient client(RpcClientConfig config) {
        return new RpcClient(config, Identity.of("tester", null, "test"), loops);
    }

    static StringValue text(String text) {
        return StringValue.of(text);
    }

    /** The value of a future that must succeed soon. */
    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the call failed", e);
        }
    }

    /** The error of a future that must fail soon. */
    static TractException error(CompletableFuture<?> future) {
        Throwable thrown = catchThrowable(() -> future.get(20, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOfAny(ExecutionException.class, CompletionException.class);
        assertThat(thrown.getCause()).isInstanceOf(TractException.class);
        return (TractException) java.util.Objects.requireNonNull(thrown.getCause());
    }

    Exchange<StringValue, StringValue> nextHeld() throws InterruptedException {
        Exchange<StringValue, StringValue> exchange = held.poll(20, TimeUnit.SECONDS);
        if (exchange == null) {
            throw new AssertionError("no call arrived");
        }
        return exchange;
    }

    static void answer(Exchange<StringValue, StringValue> exchange) {
        exchange.body().release();
        exchange.reply(exchange.message());
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        server.close();
        held.forEach(RpcFixture::answer);
        await("the budget is given back", () -> server.requestBytes() == 0);
        loops.close();
        await("all buffers are released", () -> activeBuffers() == 0);
    }

    private long activeBuffers() {
        return ((PooledByteBufAllocator) loops.allocator())
                .metric().directArenas().stream()
                        .mapToLong(PoolArenaMetric::numActiveAllocations)
                        .sum();
    }
}
