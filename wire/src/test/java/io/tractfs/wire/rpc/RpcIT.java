package io.tractfs.wire.rpc;

import static io.tractfs.wire.rpc.RpcFixture.OPTIONS;
import static io.tractfs.wire.rpc.RpcFixture.answer;
import static io.tractfs.wire.rpc.RpcFixture.await;
import static io.tractfs.wire.rpc.RpcFixture.error;
import static io.tractfs.wire.rpc.RpcFixture.get;
import static io.tractfs.wire.rpc.RpcFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.ClientId;
import io.tractfs.id.RowVersion;
import io.tractfs.wire.frame.FrameLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls between a real client and a real server over the loopback. */
class RpcIT {
    @Test
    void carriesMessageAndBodyBothWays() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            byte[] data = new byte[3 << 20];
            new Random(1).nextBytes(data);
            try (Reply<StringValue> reply = get(client.call(
                    fixture.address, RpcFixture.ECHO, text("hello"), Body.of(Unpooled.wrappedBuffer(data)), OPTIONS))) {
                assertThat(reply.message().getValue()).isEqualTo("hello");
                assertThat(ByteBufUtil.getBytes(reply.body())).isEqualTo(data);
            }
        }
    }

    @Test
    void carriesABodyOfTheLargestSizeAndRefusesALargerOne() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            ByteBuf largest = fixture.loops.allocator().directBuffer(FrameLimits.MAX_BODY_BYTES);
            largest.writeZero(FrameLimits.MAX_BODY_BYTES);
            try (Reply<StringValue> reply =
                    get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.of(largest), OPTIONS))) {
                assertThat(reply.body().readableBytes()).isEqualTo(FrameLimits.MAX_BODY_BYTES);
            }
            ByteBuf larger = Unpooled.wrappedBuffer(new byte[FrameLimits.MAX_BODY_BYTES + 1]);
            assertThat(error(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.of(larger), OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(larger.refCnt()).isZero();
        }
    }

    @Test
    void putsLargeMessagesIntoTheBody() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            for (int size : new int[] {0, 100, 32 * 1024 - 8, 32 * 1024, 40_000, 5 << 20}) {
                BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[size]));
                try (Reply<BytesValue> reply =
                        get(client.call(fixture.address, RpcFixture.BLOB, message, Body.NONE, OPTIONS))) {
                    assertThat(reply.message()).isEqualTo(message);
                }
            }
            BytesValue large = BytesValue.of(ByteString.copyFrom(new byte[40_000]));
            ByteBuf body = Unpooled.wrappedBuffer(new byte[1]);
            assertThat(error(client.call(fixture.address, RpcFixture.BLOB, large, Body.of(body), OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.TOO_LARGE);
        }
    }

    @Test
    void sendsFilePagesAfterTheirChecksums(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("tract");
        byte[] data = new byte[5_000_001];
        new Random(2).nextBytes(data);
        Files.write(file, data);
        for (boolean nio : new boolean[] {false, true}) {
            try (RpcFixture fixture = nio ? RpcFixture.startOnNio() : RpcFixture.start();
                    RpcClient client = fixture.client()) {
                try (Reply<StringValue> reply =
                        get(client.call(fixture.address, RpcFixture.FILE, text(file.toString()), Body.NONE, OPTIONS))) {
                    assertThat(reply.body().readInt()).isEqualTo(0x01020304);
                    assertThat(ByteBufUtil.getBytes(reply.body())).isEqualTo(data);
                }
            }
        }
    }

    @Test
    void answersManyCallsInFlightInAnyOrder() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            List<CompletableFuture<Reply<StringValue>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(client.call(fixture.address, RpcFixture.HOLD, text("call " + i), Body.NONE, OPTIONS));
            }
            await("all calls arrive", () -> fixture.held.size() == 200);
            List<Exchange<StringValue, StringValue>> exchanges = new ArrayList<>(fixture.held);
            fixture.held.clear();
            java.util.Collections.reverse(exchanges);
            exchanges.forEach(RpcFixture::answer);
            for (int i = 0; i < 200; i++) {
                assertThat(get(calls.get(i)).message().getValue()).isEqualTo("call " + i);
            }
            assertThat(fixture.server.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void carriesErrorsWithCodeTextAndVersion() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            TractException refused =
                    error(client.call(fixture.address, RpcFixture.REFUSE, text("x"), Body.NONE, OPTIONS));
            assertThat(refused.code()).isEqualTo(ErrorCode.STALE_VERSION);
            assertThat(refused).hasMessage("row 7 is at 1.2");
            assertThat(refused.version()).isEqualTo(new RowVersion(0x1_0000_0002L));
        }
    }

    @Test
    void keepsTheConnectionAfterAnUnknownMethodOrABrokenHandler() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            Body body = Body.of(Unpooled.wrappedBuffer(new byte[100]));
            assertThat(error(client.call(fixture.address, RpcFixture.ABSENT, text("x"), body, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.UNKNOWN_METHOD);
            body = Body.of(Unpooled.wrappedBuffer(new byte[100]));
            assertThat(error(client.call(fixture.address, RpcFixture.BROKEN, text("x"), body, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.INTERNAL);
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
            assertThat(fixture.server.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void tellsTheHandlerWhoCalls() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            ClientId id = new ClientId(new UUID(1, 2));
            CallOptions options =
                    CallOptions.of(id, 77, 20_000).nextAttempt().withCapability(ByteString.copyFromUtf8("may"));
            CompletableFuture<Reply<StringValue>> call =
                    client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, options);
            Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
            assertThat(exchange.caller().effectiveUser()).isEqualTo("tester");
            assertThat(exchange.caller().clientId()).isEqualTo(id);
            assertThat(exchange.caller().callId()).isEqualTo(77);
            assertThat(exchange.caller().attempt()).isEqualTo(1);
            assertThat(exchange.capability().toStringUtf8()).isEqualTo("may");
            assertThat(exchange.isExpired()).isFalse();
            answer(exchange);
            get(call).close();
            assertThatThrownBy(() -> exchange.reply(text("again"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void reachesAServerByName() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            HostPort byName = new HostPort("localhost", fixture.address.port());
            get(client.call(byName, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
            HostPort nowhere = new HostPort("no-such-host.invalid", 1);
            assertThat(error(client.call(nowhere, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.CONNECT_FAILED);
        }
    }
}
