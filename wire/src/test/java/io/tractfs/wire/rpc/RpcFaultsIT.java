package io.tractfs.wire.rpc;

import static io.tractfs.wire.rpc.RpcFixture.OPTIONS;
import static io.tractfs.wire.rpc.RpcFixture.await;
import static io.tractfs.wire.rpc.RpcFixture.error;
import static io.tractfs.wire.rpc.RpcFixture.get;
import static io.tractfs.wire.rpc.RpcFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import io.netty.buffer.Unpooled;
import io.tractfs.error.ErrorClass;
import io.tractfs.error.ErrorCode;
import io.tractfs.id.ClusterId;
import io.tractfs.wire.auth.Identity;
import io.tractfs.wire.frame.FrameType;
import io.tractfs.wire.proto.Hello;
import io.tractfs.wire.proto.HelloReply;
import io.tractfs.wire.proto.RequestHeader;
import io.tractfs.wire.proto.ResponseHeader;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bad peers, bad input, lost connections. */
class RpcFaultsIT {
    @Test
    void serverSurvivesGarbage() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            for (int seed = 0; seed < 200; seed++) {
                sendGarbage(fixture.address, new Random(seed), seed % 2 == 0);
            }
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
            await("the bad connections are gone", () -> fixture.server.connectionCount() == 1);
        }
    }

    private static void sendGarbage(HostPort address, Random random, boolean greeted) throws IOException {
        try (RawPeer peer = greeted ? RawPeer.greeted(address) : new RawPeer(address)) {
            byte[] garbage = new byte[random.nextInt(5000)];
            random.nextBytes(garbage);
            if (random.nextBoolean() && garbage.length > 8) {
                // A prefix that is right, so that the garbage is in the header.
                garbage[0] = 0;
                garbage[1] = 0;
                garbage[2] = 1;
                garbage[4] = 3;
                garbage[5] = 0;
                garbage[6] = 0;
            }
            peer.out.write(garbage);
            peer.socket.shutdownOutput();
            while (peer.in.read() >= 0) {
                // Until the server closes.
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
    }

    @Test
    void serverSaysWhyItClosesAfterAMalformedFrame() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RawPeer peer = RawPeer.greeted(fixture.address)) {
            peer.out.writeLong(0x0000_0004_6300_0000L);
            RawPeer.Answer answer = peer.receive();
            assertThat(answer.type()).isEqualTo(FrameType.GOODBYE.number());
            ResponseHeader header = ResponseHeader.parseFrom(answer.header());
            assertThat(header.getErrorCode()).isEqualTo(ErrorCode.MALFORMED.number());
            assertThat(header.getErrorMessage()).contains("unknown frame type 99");
            assertThat(peer.in.read()).isNegative();
        }
    }

    @Test
    void aBadMessageFailsItsCallAlone() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RawPeer peer = RawPeer.greeted(fixture.address)) {
            RequestHeader.Builder request = RequestHeader.newBuilder()
                    .setCorrelation(5)
                    .setMethod(RpcFixture.ECHO.number())
                    .setDeadlineMs(1000)
                    .setMessage(ByteString.copyFrom(new byte[] {0x0a, 0x7f}));
            peer.send(FrameType.REQUEST, request.build(), new byte[10]);
            ResponseHeader bad = ResponseHeader.parseFrom(peer.receive().header());
            assertThat(bad.getErrorCode()).isEqualTo(ErrorCode.MALFORMED.number());
            peer.send(
                    FrameType.REQUEST,
                    request.setDeadlineMs(0).setMessage(ByteString.EMPTY).build(),
                    new byte[10]);
            ResponseHeader late = ResponseHeader.parseFrom(peer.receive().header());
            assertThat(late.getErrorCode()).isEqualTo(ErrorCode.EXPIRED_BEFORE_START.number());
        }
    }

    @Test
    void refusesAHelloThatDoesNotFit() throws Exception {
        ClusterId cluster = new ClusterId(new UUID(1, 1));
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.clusterId(() -> Optional.of(cluster)))) {
            assertRefused(fixture, RawPeer.hello().setProtocolMin(2).setProtocolMax(9), ErrorCode.PROTOCOL_MISMATCH);
            assertRefused(fixture, RawPeer.hello().setRequiredFeatures(1L << 40), ErrorCode.PROTOCOL_MISMATCH);
            assertRefused(fixture, RawPeer.hello().setMechanism("magic"), ErrorCode.AUTHENTICATION_FAILED);
            assertRefused(fixture, RawPeer.hello().setEffectiveUser(""), ErrorCode.AUTHENTICATION_FAILED);
            assertRefused(fixture, RawPeer.hello().setRealUser("other"), ErrorCode.AUTHENTICATION_FAILED);
            assertRefused(fixture, RawPeer.hello().setClusterId(ByteString.copyFromUtf8("short")), ErrorCode.MALFORMED);
            assertRefused(
                    fixture, RawPeer.hello().setClusterId(ByteString.copyFrom(new byte[16])), ErrorCode.WRONG_CLUSTER);
            try (RpcClient client = new RpcClient(
                    RpcClientConfig.defaults(),
                    Identity.of("tester", new ClusterId(new UUID(2, 2)), "test"),
                    fixture.loops)) {
                assertThat(error(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                                .code())
                        .isEqualTo(ErrorCode.WRONG_CLUSTER);
            }
        }
    }

    private static void assertRefused(RpcFixture fixture, Hello.Builder hello, ErrorCode code) throws IOException {
        try (RawPeer peer = new RawPeer(fixture.address)) {
            peer.send(FrameType.HELLO, hello.build(), new byte[0]);
            HelloReply reply = HelloReply.parseFrom(peer.receive().header());
            assertThat(ErrorCode.ofNumber(reply.getErrorCode()))
                    .as(reply.getErrorMessage())
                    .isEqualTo(code);
            assertThat(peer.in.read()).isNegative();
        }
    }

    @Test
    void closesAConnectionThatSaysNoHelloOrNeverEndsAFrame() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withTimeouts(100, 100, 60_000);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config))) {
            try (RawPeer silent = new RawPeer(fixture.address)) {
                assertThat(silent.receive().type()).isEqualTo(FrameType.GOODBYE.number());
            }
            try (RawPeer slow = RawPeer.greeted(fixture.address)) {
                slow.out.writeInt(1_000_000);
                slow.out.writeInt(0x03000000);
                assertThat(slow.receive().type()).isEqualTo(FrameType.GOODBYE.number());
            }
        }
    }

    @Test
    void refusesMoreConnectionsThanItsLimit() throws Exception {
        RpcServerConfig config = RpcServerConfig.defaults().withMaxConnections(1);
        try (RpcFixture fixture = RpcFixture.start(builder -> builder.config(config));
                RawPeer first = RawPeer.greeted(fixture.address);
                RawPeer second = new RawPeer(fixture.address)) {
            assertThat(first.socket.isConnected()).isTrue();
            assertThat(second.in.read()).isNegative();
        }
    }

    @Test
    void callsInFlightFailWhenTheConnectionIsLostAndTheNextOneDials() throws Exception {
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client()) {
            CompletableFuture<HostPort> lost = new CompletableFuture<>();
            client.onConnectionLost(lost::complete);
            CompletableFuture<Reply<StringValue>> call = client.call(
                    fixture.address,
                    RpcFixture.HOLD,
                    text("x"),
                    Body.of(Unpooled.wrappedBuffer(new byte[100])),
                    OPTIONS);
            RpcFixture.answer(fixture.nextHeld());
            get(call).close();
            call = client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, OPTIONS);
            Exchange<StringValue, StringValue> unanswered = fixture.nextHeld();
            fixture.server.close();
            ErrorCode code = error(call).code();
            assertThat(code).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(code.errorClass()).isEqualTo(ErrorClass.UNKNOWN);
            assertThat(get(lost)).isEqualTo(fixture.address);
            RpcFixture.answer(unanswered);
            assertThat(error(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.CONNECT_FAILED);
            RpcServer again = RpcServer.builder()
                    .bind(fixture.address)
                    .loops(fixture.loops)
                    .on(RpcFixture.ECHO, exchange -> exchange.reply(exchange.message(), Body.of(exchange.body())))
                    .build();
            again.start();
            await("the client dials again", () -> {
                CompletableFuture<Reply<StringValue>> next =
                        client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS);
                return next.handle((reply, failed) -> reply != null).join();
            });
            again.close();
        }
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws Exception {
        RpcClientConfig config = RpcClientConfig.defaults().withTimes(100, 50, 60_000, 0);
        try (RpcFixture fixture = RpcFixture.start();
                ServerSocket mute = new ServerSocket(0);
                RpcClient client = fixture.client(config)) {
            HostPort address = new HostPort("127.0.0.1", mute.getLocalPort());
            assertThat(error(client.call(address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.CONNECT_FAILED);
        }
    }

    @Test
    void anIdleConnectionIsKeptAliveThenClosed() throws Exception {
        RpcClientConfig config = RpcClientConfig.defaults().withTimes(3000, 20, 200, 0);
        try (RpcFixture fixture = RpcFixture.start();
                RpcClient client = fixture.client(config)) {
            get(client.call(fixture.address, RpcFixture.ECHO, text("connect"), Body.NONE, OPTIONS))
                    .close();
            CompletableFuture<Reply<StringValue>> call =
                    client.call(fixture.address, RpcFixture.HOLD, text("x"), Body.NONE, CallOptions.timeout(300));
            Exchange<StringValue, StringValue> exchange = fixture.nextHeld();
            // The call outlasts many pings: the connection is alive.
            assertThat(error(call).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            RpcFixture.answer(exchange);
            await("the idle connection is closed", () -> fixture.server.connectionCount() == 0);
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
        }
    }

    @Test
    void callsToAClosedClientFail() throws Exception {
        try (RpcFixture fixture = RpcFixture.start()) {
            RpcClient client = fixture.client();
            get(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                    .close();
            client.close();
            assertThat(error(client.call(fixture.address, RpcFixture.ECHO, text("x"), Body.NONE, OPTIONS))
                            .code())
                    .isEqualTo(ErrorCode.SHUTTING_DOWN);
        }
    }
}
