package io.tractfs.wire.rpc;

import static io.tractfs.wire.rpc.RpcFixture.OPTIONS;
import static io.tractfs.wire.rpc.RpcFixture.answer;
import static io.tractfs.wire.rpc.RpcFixture.await;
import static io.tractfs.wire.rpc.RpcFixture.error;
import static io.tractfs.wire.rpc.RpcFixture.get;
import static io.tractfs.wire.rpc.RpcFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every bound of client and server, at the bound. */
class RpcLimitsIT {
    @Test
    void serverReadsNoMoreCallsThanItMayHaveInFlight() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withMaxInFlight(3);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RpcClient client = fixture.client()) {
            List<CompletableFuture<Reply<StringValue>>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(client.call(fixture.address, RpcFixture.HOLD, text("x" + i), Body.NONE, OPTIONS));
            }
            for (int i = 0; i < 10; i++) {
                Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
                assertThat(exchange.message().getValue()).isEqualTo("x" + i);
                assertThat(fixture.held.size()).isLessThanOrEqualTo(2);
                answer(exchange);
            }
            calls.forEach(call -> get(call).close());
        }
    }

    @Test
    void serverReadsNoMoreBytesThanItsBudget() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withMaxRequestBytes(3 << 20);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RpcClient client = fixture.client(RpcClientConfig.defaults().withConnectionsPerAddress(4))) {
            List<CompletableFuture<Reply<StringValue>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Body body = Body.of(Unpooled.wrappedBuffer(new byte[1 << 20]));
                calls.add(client.call(fixture.address, RpcFixture.HOLD, text("x"), body, OPTIONS));
            }
            for (int i = 0; i < 12; i++) {
                Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
                assertThat(fixture.server.requestBytes()).isLessThanOrEqualTo(3 << 20);
                answer(exchange);
            }
            calls.forEach(call -> get(call).close());
        }
    }

    @Test
    void slowSendersDoNotKeepTheBudgetFromOthers() throws Exception {
        int bytes = 1 << 20;
        RpcServerConfig config = RpcServerConfig.defaults().withMaxRequestBytes(3L * bytes);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RpcClient client = fixture.client()) {
            List<RawPeer> slow = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawPeer peer = RawPeer.greeted(fixture.address);
                peer.out.writeInt(bytes);
                peer.out.writeInt(0x03000000);
                peer.out.write(1);
                slow.add(peer);
            }
            RpcFixture.await("the slow ones hold the budget", () -> fixture.server.requestBytes() > 2L * bytes);
            Body body = Body.of(Unpooled.wrappedBuffer(new byte[bytes]));
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), body, OPTIONS))
                    .close();
            for (RawPeer peer : slow) {
                peer.close();
            }
        }
    }

    @Test
    void clientRefusesMoreCallsThanMayWait() throws Exception {
        RpcClientConfig config = RpcClientConfig.defaults().withCalls(2, 3);
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client(config)) {
            List<CompletableFuture<Reply<StringValue>>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, OPTIONS));
            }
            Body body = Body.of(Unpooled.wrappedBuffer(new byte[10]));
            ErrorCode refused = error(client.call(fixture.address, RpcFixture.HOLD, text("x"), body, OPTIONS))
                    .code();
            assertThat(refused).isEqualTo(ErrorCode.BUSY);
            assertThat(refused.errorClass()).isEqualTo(ErrorClass.RETRY);
            assertThat(body.length()).isEqualTo(10);
            for (int i = 0; i < 5; i++) {
                Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
                assertThat(fixture.held.size()).isLessThanOrEqualTo(1);
                answer(exchange);
            }
            calls.forEach(call -> get(call).close());
        }
    }

    @Test
    void clientGivesUpAtTheDeadlineAndDropsALateAnswer() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            get(client.call(fixture.address, RpcFixture.ECHO, text("connect"), Body.NONE, OPTIONS))
                    .close();
            CompletableFuture<Reply<StringValue>> call =
                    client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, CallOptions.timeout(200));
            Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
            ErrorCode code = error(call).code();
            assertThat(code).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(code.errorClass()).isEqualTo(ErrorClass.UNKNOWN);
            await("the server sees it too", exchange::isExpired);
            exchange.body().release();
            exchange.reply(
                    text("late"),
                    Body.of(fixture.loops.allocator().directBuffer().writeLong(1)));
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
        }
    }

    @Test
    void aCallThatWasNeverSentMayBeTriedAgain() throws Exception {
        RpcClientConfig config = RpcClientConfig.defaults().withCalls(1, 10);
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client(config)) {
            CompletableFuture<Reply<StringValue>> first =
                    client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, OPTIONS);
            CompletableFuture<Reply<StringValue>> second =
                    client.call(fixture.address, RpcFixture.HOLD, text("y"), Body.NONE, CallOptions.timeout(50));
            assertThat(error(second).code()).isEqualTo(ErrorCode.EXPIRED_BEFORE_START);
            answer(fixture.nextHeld());
            get(first).close();
            assertThat(fixture.held).isEmpty();
        }
    }

    @Test
    void serverRefusesACallThatExpiredWhileItWaited() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withMaxInFlight(1);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RpcClient client = fixture.client()) {
            CompletableFuture<Reply<StringValue>> first =
                    client.call(fixture.address, RpcFixture.HOLD, text("first"), Body.NONE, OPTIONS);
            Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
            CompletableFuture<Reply<StringValue>> second =
                    client.call(fixture.address, RpcFixture.HOLD, text("second"), Body.NONE, CallOptions.timeout(50));
            assertThat(error(second).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            answer(exchange);
            get(first).close();
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
            assertThat(fixture.held).isEmpty();
        }
    }

    @Test
    void aClientThatReadsNoRepliesIsHeldAtItsCallsInFlight() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withMaxInFlight(2);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RawPeer peer = RawPeer.greeted(fixture.address)) {
            byte[] body = new byte[4 << 20];
            Thread sender = new Thread(() -> peer.sendRequestsUntilClosed(RpcFixture.ECHO.number(), body));
            sender.start();
            await("two calls are in memory", () -> fixture.server.requestBytes() >= 2L * body.length);
            assertThat(fixture.server.requestBytes()).isLessThan(3L * body.length);
            peer.socket.close();
            sender.join();
        }
    }
}
