package io.tractfs.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.RequestHeader;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final String GOLDEN_REQUEST = "000000150300000d" + "0807102a18e8072802" + "42020801" + "cafebabe";

    private boolean admits = true;
    private final FrameDecoder decoder =
            new FrameDecoder(FrameLimits.AFTER_HELLO, Clock.SYSTEM, (type, length) -> admits);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private void receive(byte[] bytes) {
        channel.writeInbound(channel.alloc().buffer().writeBytes(bytes));
    }

    private static RequestHeader header() {
        return RequestHeader.newBuilder()
                .setCorrelation(7)
                .setMethod(42)
                .setDeadlineMs(1000)
                .setCallId(2)
                .setMessage(ByteString.copyFrom(bytes("0801")))
                .build();
    }

    @Test
    void encodesGoldenBytes() throws TractException {
        ByteBuf head = FrameEncoder.head(ByteBufAllocator.DEFAULT, FrameType.REQUEST, 0, header(), 4);
        assertThat(ByteBufUtil.hexDump(head) + "cafebabe").isEqualTo(GOLDEN_REQUEST);
        head.release();
        ByteBuf ping = FrameEncoder.empty(ByteBufAllocator.DEFAULT, FrameType.PING);
        assertThat(ByteBufUtil.hexDump(ping)).isEqualTo("0000000405000000");
        ping.release();
    }

    @Test
    void decodesGoldenBytesHoweverTheyAreCut() throws Exception {
        byte[] golden = bytes(GOLDEN_REQUEST + GOLDEN_REQUEST + "0000000405000000");
        for (int first = 0; first <= golden.length; first++) {
            for (int second = first; second <= golden.length; second++) {
                receive(java.util.Arrays.copyOfRange(golden, 0, first));
                receive(java.util.Arrays.copyOfRange(golden, first, second));
                receive(java.util.Arrays.copyOfRange(golden, second, golden.length));
                for (int i = 0; i < 2; i++) {
                    Frame frame = channel.readInbound();
                    assertThat(frame.type()).isEqualTo(FrameType.REQUEST);
                    assertThat(RequestHeader.parseFrom(frame.header().nioBuffer()))
                            .isEqualTo(header());
                    assertThat(ByteBufUtil.hexDump(frame.body())).isEqualTo("cafebabe");
                    frame.release();
                }
                Frame ping = channel.readInbound();
                assertThat(ping.type()).isEqualTo(FrameType.PING);
                assertThat(decoder.isMidFrame()).isFalse();
            }
        }
    }

    @Test
    void passesSlicesOnWithoutCopying() {
        ByteBuf chunk = channel.alloc().directBuffer().writeBytes(bytes(GOLDEN_REQUEST));
        channel.writeInbound(chunk);
        Frame frame = channel.readInbound();
        chunk.setByte(bytes(GOLDEN_REQUEST).length - 1, 0x11);
        assertThat(ByteBufUtil.hexDump(frame.body())).isEqualTo("cafeba11");
        frame.release();
        receive(new byte[0]);
        channel.finishAndReleaseAll();
        assertThat(chunk.refCnt()).isZero();
    }

    @Test
    void refusesABodyOneByteOverTheLimitAndAcceptsOneAtIt() {
        ByteBuf prefix =
                Unpooled.buffer().writeInt(4 + FrameLimits.MAX_BODY_BYTES).writeInt(0x03000000);
        channel.writeInbound(prefix);
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[FrameLimits.MAX_BODY_BYTES]));
        Frame frame = channel.readInbound();
        assertThat(frame.body().readableBytes()).isEqualTo(FrameLimits.MAX_BODY_BYTES);
        frame.release();
        ByteBuf over =
                Unpooled.buffer().writeInt(5 + FrameLimits.MAX_BODY_BYTES).writeInt(0x03000000);
        assertRefused(over, ErrorCode.TOO_LARGE);
    }

    @Test
    void refusesMoreThanFourKibibytesBeforeHello() {
        decoder.limits(FrameLimits.BEFORE_HELLO);
        ByteBuf atLimit = Unpooled.buffer().writeInt(4092).writeInt(0x01000000 | 4088);
        channel.writeInbound(atLimit.writeZero(4088));
        Frame frame = channel.readInbound();
        assertThat(frame.length()).isEqualTo(4088);
        frame.release();
        assertRefused(Unpooled.buffer().writeInt(4093).writeInt(0x01000000 | 4089), ErrorCode.TOO_LARGE);
    }

    @Test
    void refusesBodiesBeforeHello() {
        decoder.limits(FrameLimits.BEFORE_HELLO);
        assertRefused(Unpooled.buffer().writeInt(5).writeInt(0x01000000), ErrorCode.TOO_LARGE);
    }

    @Test
    void refusesWhatBreaksTheLayout() {
        for (String hex : new String[] {
            "0000000003000000",
            "0000000403000001",
            "0000000408000000",
            "0000000400000000",
            "0000000403800000",
            "ffffffff03000000"
        }) {
            FrameDecoderTest other = new FrameDecoderTest();
            other.assertRefused(Unpooled.wrappedBuffer(bytes(hex)), null);
        }
    }

    private void assertRefused(ByteBuf input, @org.jspecify.annotations.Nullable ErrorCode code) {
        assertThatThrownBy(() -> channel.writeInbound(input))
                .isInstanceOfSatisfying(
                        TractException.class,
                        e -> assertThat(e.code())
                                .isEqualTo(
                                        code == null && e.code() != ErrorCode.TOO_LARGE
                                                ? ErrorCode.MALFORMED
                                                : e.code()));
        receive(bytes(GOLDEN_REQUEST));
        assertThat(channel.<Frame>readInbound()).isNull();
    }

    @Test
    void readsNothingWhileAdmissionIsRefused() {
        admits = false;
        receive(bytes(GOLDEN_REQUEST));
        receive(bytes(GOLDEN_REQUEST));
        assertThat(channel.<Frame>readInbound()).isNull();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(decoder.isPaused()).isTrue();
        admits = true;
        decoder.resume();
        assertThat(channel.config().isAutoRead()).isTrue();
        for (int i = 0; i < 2; i++) {
            Frame frame = channel.readInbound();
            frame.release();
        }
    }

    @Test
    void survivesGarbage() {
        for (int seed = 0; seed < 500; seed++) {
            fuzz(seed);
        }
    }

    private static void fuzz(int seed) {
        Random random = new Random(seed);
        FrameDecoderTest fresh = new FrameDecoderTest();
        byte[] golden = bytes(GOLDEN_REQUEST.repeat(4));
        for (int i = random.nextInt(8); i > 0; i--) {
            golden[random.nextInt(golden.length)] = (byte) random.nextInt(256);
        }
        ByteBuf chunk = fresh.channel.alloc().directBuffer().writeBytes(golden);
        ByteBuf watched = chunk.retainedDuplicate();
        try {
            fresh.channel.writeInbound(chunk);
        } catch (Exception e) {
            assertThat(e).as("seed " + seed).isInstanceOf(TractException.class);
        }
        for (Frame frame = fresh.channel.readInbound(); frame != null; frame = fresh.channel.readInbound()) {
            frame.release();
        }
        fresh.channel.finishAndReleaseAll();
        assertThat(watched.refCnt()).as("seed " + seed).isEqualTo(1);
        watched.release();
    }

    @Test
    void encoderRefusesWhatIsOverTheLimits() {
        ResponseHeader header = ResponseHeader.newBuilder()
                .setMessage(ByteString.copyFrom(new byte[70_000]))
                .build();
        assertThatThrownBy(() -> FrameEncoder.head(ByteBufAllocator.DEFAULT, FrameType.RESPONSE, 0, header, 0))
                .isInstanceOfSatisfying(
                        TractException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThatThrownBy(() -> FrameEncoder.head(
                        ByteBufAllocator.DEFAULT,
                        FrameType.RESPONSE,
                        0,
                        ResponseHeader.getDefaultInstance(),
                        FrameLimits.MAX_BODY_BYTES + 1L))
                .isInstanceOf(TractException.class);
    }
}
