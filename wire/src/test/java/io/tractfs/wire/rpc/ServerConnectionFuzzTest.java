package io.tractfs.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.StringValue;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.frame.FrameEncoder;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.RequestHeader;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

/** Whatever bytes arrive, cut however, a connection ends or answers, and gives back all memory. */
class ServerConnectionFuzzTest {
    private static final Method<StringValue, StringValue> ECHO =
            new Method<>(1, "echo", StringValue.parser(), StringValue.parser());
    private static final long BUDGET_BYTES = 1 << 20;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    @BeforeAll
    static void logNoRefusals() {
        ((Logger) LoggerFactory.getLogger(ServerConnection.class)).setLevel(Level.ERROR);
    }

    @FuzzTest(maxDuration = "10s")
    void anyBytesLeaveNothingBehind(FuzzedDataProvider input) throws Exception {
        ByteBudget budget = new ByteBudget(BUDGET_BYTES);
        EmbeddedChannel channel = open(budget);
        if (input.consumeBoolean()) {
            channel.writeInbound(FrameEncoder.head(
                    allocator, FrameType.HELLO, 0, RawPeer.hello().build(), 0));
        }
        while (input.remainingBytes() > 0 && channel.isOpen()) {
            if (input.consumeBoolean()) {
                send(channel, request(input), input.consumeBytes(input.consumeInt(0, 64)));
            } else {
                send(channel, new byte[0], input.consumeBytes(input.consumeInt(0, 256)));
            }
            channel.runPendingTasks();
        }
        channel.finishAndReleaseAll();
        channel.checkException();
        assertThat(budget.usedBytes()).as("bytes of the budget that were kept").isZero();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes of buffers that were kept")
                .isZero();
    }

    private EmbeddedChannel open(ByteBudget budget) {
        ServerContext context = new ServerContext(
                RpcServerConfig.defaults(),
                Clock.SYSTEM,
                budget,
                Map.of(
                        1,
                        new Registration<>(
                                ECHO, exchange -> exchange.reply(exchange.message(), Body.of(exchange.body())))),
                Optional::empty,
                "fuzzed",
                HelloAcceptor.NO_PROXIES);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        ServerConnection connection =
                new ServerConnection(context, channel, InetSocketAddress.createUnresolved("fuzzer", 1));
        channel.pipeline().addLast(connection.decoder(), connection);
        channel.pipeline().fireChannelActive();
        return channel;
    }

    private void send(EmbeddedChannel channel, byte[] first, byte[] second) {
        channel.writeInbound(allocator
                .heapBuffer(first.length + second.length)
                .writeBytes(first)
                .writeBytes(second));
    }

    /** The beginning of a request that is nearly right: its header, and the length that it should have. */
    private static byte[] request(FuzzedDataProvider input) throws TractException {
        RequestHeader header = RequestHeader.newBuilder()
                .setMethod(input.consumeInt(0, 2))
                .setDeadlineMs(input.consumeInt())
                .setCallId(input.consumeLong())
                .setMessage(com.google.protobuf.ByteString.copyFrom(input.consumeBytes(16)))
                .build();
        var head = FrameEncoder.head(
                UnpooledByteBufAllocator.DEFAULT, FrameType.REQUEST, 0, header, input.consumeInt(0, 512));
        byte[] bytes = new byte[head.readableBytes()];
        head.readBytes(bytes);
        head.release();
        return bytes;
    }
}
