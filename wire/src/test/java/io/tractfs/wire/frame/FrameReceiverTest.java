package io.tractfs.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import io.tractfs.wire.proto.ResponseHeader;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Netty has deprecated the interface, but not named another one.
class FrameReceiverTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setCorrelation(5).build();

    private final FrameDecoder decoder = new FrameDecoder(FrameLimits.AFTER_HELLO, Clock.SYSTEM, FrameAdmission.ALWAYS);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
    private final Handle handle = new FrameReceiver(decoder).newHandle();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        return body;
    }

    private static ByteBuf frame(byte[] body) throws TractException {
        ByteBuf head =
                FrameEncoder.head(io.netty.buffer.ByteBufAllocator.DEFAULT, FrameType.RESPONSE, 0, HEADER, body.length);
        return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(body));
    }

    /** Receives as a socket does: into what the handle gives, at most some bytes at once. */
    private int receive(ByteBuf wire, int most) {
        ByteBuf target = handle.allocate(channel.alloc());
        int capacity = target.capacity();
        wire.readBytes(target, Math.min(Math.min(most, target.writableBytes()), wire.readableBytes()));
        channel.writeInbound(target);
        return capacity;
    }

    private void assertReceived(byte[] body) {
        Frame frame = channel.readInbound();
        assertThat(ByteBufUtil.getBytes(frame.body())).isEqualTo(body);
        frame.release();
    }

    @Test
    void receivesTheRestOfALargeFrameIntoItsOwnBuffer() throws TractException {
        byte[] body = body(300_000);
        ByteBuf wire = frame(body);
        int length = wire.readableBytes() - FrameLayout.PREFIX_BYTES;
        assertThat(receive(wire, 70_000)).isEqualTo(FrameReceiver.FIRST_BYTES);
        assertThat(receive(wire, 70_000)).isEqualTo(length);
        assertThat(receive(wire, Integer.MAX_VALUE)).isEqualTo(length);
        assertThat(wire.isReadable()).isFalse();
        assertReceived(body);
        assertThat(decoder.isMidFrame()).isFalse();
        wire.release();
    }

    @Test
    void receivesFramesOfAnySizeHoweverTheyAreCut() throws TractException {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            byte[] first = body(random.nextInt(60_000));
            byte[] second = body(random.nextInt(200));
            byte[] third = body(random.nextInt(60_000));
            ByteBuf wire = Unpooled.wrappedBuffer(frame(first), frame(second), frame(third));
            while (wire.isReadable()) {
                receive(wire, 1 + random.nextInt(30_000));
            }
            assertReceived(first);
            assertReceived(second);
            assertReceived(third);
            wire.release();
        }
    }

    @Test
    void releasesAFrameThatEndsEarly() throws TractException {
        ByteBuf wire = frame(body(100_000));
        receive(wire, FrameReceiver.FIRST_BYTES);
        ByteBuf late = handle.allocate(channel.alloc());
        channel.close();
        assertThat(late.refCnt()).isEqualTo(1);
        decoder.channelRead(channel.pipeline().firstContext(), late);
        assertThat(late.refCnt()).isZero();
        wire.release();
    }
}
