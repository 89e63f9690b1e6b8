package io.tractfs.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.time.Clock;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream into {@link Frame}s and passes them on.
 *
 * <p>A frame that arrived in one piece is passed on as slices of what was read. Any other is gathered in one pooled
 * buffer, allocated once, when its length is known to be within the limits and {@link FrameAdmission} has let it in; so
 * a peer never makes it allocate more than one frame. Behind a {@link FrameReceiver} the rest of such a frame is received
 * into that buffer itself. While admission is refused nothing more is read from the socket.
 *
 * <p>A frame that breaks the layout or a limit ends the decoding: a {@link TractException} goes down the pipeline and
 * everything that still arrives is dropped. Confined to its channel's event loop.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final int NO_FRAME = -1;

    private final Clock clock;
    private final FrameAdmission admission;
    /** What was read and not yet decoded; more than one only while paused. */
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();

    private final ByteBuf prefix = Unpooled.buffer(FrameLayout.PREFIX_BYTES, FrameLayout.PREFIX_BYTES);

    private FrameLimits limits;
    private @Nullable ChannelHandlerContext context;
    private boolean decoding;
    private boolean paused;
    private boolean discarding;
    private boolean endedMidFrame;

    // The frame that is being read.
    private FrameType type = FrameType.PING;
    private int flags;
    private int headerLength;
    private int frameLength = NO_FRAME;
    private boolean admitted;
    private long arrivalNanos;
    private @Nullable ByteBuf gathered;

    /** A decoder for a connection that begins with the given limits. */
    public FrameDecoder(FrameLimits limits, Clock clock, FrameAdmission admission) {
        this.limits = limits;
        this.clock = clock;
        this.admission = admission;
    }

    /** Sets the limits of the frames after the present one. */
    public void limits(FrameLimits newLimits) {
        limits = newLimits;
    }

    /** Goes on after admission was refused; without effect if it was not. */
    public void resume() {
        ChannelHandlerContext ctx = context;
        if (!paused || ctx == null) {
            return;
        }
        paused = false;
        if (!decoding) {
            decodeAll(ctx);
        }
        if (!paused) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    /** Drops what is left and what still arrives, so that the peer can read the reason before the connection closes. */
    public void discard() {
        discarding = true;
        paused = false;
        releaseAll();
        if (context != null) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Whether a frame has begun and has not ended; if so {@link #frameArrivalNanos} says since when. */
    public boolean isMidFrame() {
        return frameLength != NO_FRAME || prefix.isReadable();
    }

    /** Whether reading stands still because admission was refused. */
    public boolean isPaused() {
        return paused;
    }

    /** Bytes of the present frame that are here, as far as they fill a buffer of its own; 0 before that. */
    public int gatheredBytes() {
        ByteBuf whole = gathered;
        return whole == null ? 0 : whole.writerIndex();
    }

    /** When the present frame began, on the monotonic clock. */
    public long frameArrivalNanos() {
        return arrivalNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /**
     * Where the next bytes are to be received: the buffer of the frame that has begun, with a reference of its own, to be
     * handed to {@link #channelRead} when bytes were added to it; null if no frame waits for more.
     */
    @Nullable
    ByteBuf receiveBuffer() {
        ByteBuf whole = gathered;
        return whole == null || !chunks.isEmpty() ? null : whole.retain();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very buffer that was handed out, not one with equal bytes
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf chunk = (ByteBuf) message;
        if (discarding) {
            chunk.release();
            return;
        }
        if (chunk == gathered) {
            chunk.release();
            if (!chunk.isWritable()) {
                gathered = null;
                ctx.fireChannelRead(finishGathered(chunk));
            }
            return;
        }
        chunks.add(chunk);
        if (!paused && !decoding) {
            decodeAll(ctx);
        }
    }

    /** Whether the connection ended while a frame was arriving. */
    public boolean endedMidFrame() {
        return endedMidFrame;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endedMidFrame = !discarding && isMidFrame();
        discarding = true;
        releaseAll();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discarding = true;
        releaseAll();
    }

    private void decodeAll(ChannelHandlerContext ctx) {
        decoding = true;
        try {
            while (decodeOne(ctx)) {
                // The next frame may be in the same chunk.
            }
        } catch (TractException e) {
            discard();
            ctx.fireExceptionCaught(e);
        } finally {
            decoding = false;
        }
    }

    /** Takes one step; false when more bytes or an admission are needed. */
    private boolean decodeOne(ChannelHandlerContext ctx) throws TractException {
        if (discarding || paused) {
            return false;
        }
        if (frameLength == NO_FRAME && !readPrefix()) {
            return false;
        }
        if (!admitted) {
            if (!admission.admit(type, frameLength)) {
                paused = true;
                ctx.channel().config().setAutoRead(false);
                return false;
            }
            admitted = true;
        }
        Frame frame = readRest(ctx);
        if (frame == null) {
            return false;
        }
        ctx.fireChannelRead(frame);
        return true;
    }

    private boolean readPrefix() throws TractException {
        while (prefix.isWritable()) {
            ByteBuf chunk = firstChunk();
            if (chunk == null) {
                return false;
            }
            if (!prefix.isReadable()) {
                arrivalNanos = clock.nanoTime();
            }
            int count = Math.min(prefix.writableBytes(), chunk.readableBytes());
            prefix.writeBytes(chunk, count);
        }
        parsePrefix();
        prefix.clear();
        return true;
    }

    private void parsePrefix() throws TractException {
        long length = prefix.readUnsignedInt();
        int typeNumber = prefix.readUnsignedByte();
        flags = prefix.readUnsignedByte();
        headerLength = prefix.readUnsignedShort();
        type = FrameType.ofNumber(typeNumber).orElseThrow(() -> malformed("unknown frame type " + typeNumber));
        if ((flags & ~FrameLayout.KNOWN_FLAGS) != 0) {
            throw malformed("unknown flags 0x" + Integer.toHexString(flags) + " in a frame of type " + type);
        }
        if (length < FrameLayout.COUNTED_PREFIX_BYTES + headerLength) {
            throw malformed("frame of type " + type + " with length " + length + " cannot hold its header of "
                    + headerLength + " bytes");
        }
        long bodyLength = length - FrameLayout.COUNTED_PREFIX_BYTES - headerLength;
        if (headerLength > limits.maxHeaderBytes()
                || bodyLength > limits.maxBodyBytes()
                || length + Integer.BYTES > limits.maxFrameBytes()) {
            throw new TractException(
                    ErrorCode.TOO_LARGE,
                    "frame of type " + type + " has a header of " + headerLength + " and a body of " + bodyLength
                            + " bytes; allowed here are " + limits.maxHeaderBytes() + " and "
                            + limits.maxBodyBytes() + ", together " + limits.maxFrameBytes());
        }
        frameLength = headerLength + (int) bodyLength;
    }

    private @Nullable Frame readRest(ChannelHandlerContext ctx) {
        if (frameLength == 0) {
            return finish(Unpooled.EMPTY_BUFFER, Unpooled.EMPTY_BUFFER);
        }
        ByteBuf chunk = firstChunk();
        if (chunk != null && gathered == null && chunk.readableBytes() >= frameLength) {
            return finish(slice(chunk, headerLength), slice(chunk, frameLength - headerLength));
        }
        ByteBuf whole = gathered;
        while (chunk != null) {
            if (whole == null) {
                whole = ctx.alloc().directBuffer(frameLength, frameLength);
                gathered = whole;
            }
            whole.writeBytes(chunk, Math.min(whole.writableBytes(), chunk.readableBytes()));
            if (!whole.isWritable()) {
                gathered = null;
                return finishGathered(whole);
            }
            chunk = firstChunk();
        }
        return null;
    }

    private Frame finishGathered(ByteBuf whole) {
        ByteBuf header = slice(whole, headerLength);
        if (whole.isReadable()) {
            return finish(header, whole);
        }
        whole.release();
        return finish(header, Unpooled.EMPTY_BUFFER);
    }

    private static ByteBuf slice(ByteBuf from, int length) {
        return length == 0 ? Unpooled.EMPTY_BUFFER : from.readRetainedSlice(length);
    }

    private Frame finish(ByteBuf header, ByteBuf body) {
        frameLength = NO_FRAME;
        admitted = false;
        return new Frame(type, flags, header, body, arrivalNanos);
    }

    /** The first chunk with something to read; those read to their end are released. */
    private @Nullable ByteBuf firstChunk() {
        ByteBuf chunk = chunks.peek();
        while (chunk != null && !chunk.isReadable()) {
            chunks.remove().release();
            chunk = chunks.peek();
        }
        return chunk;
    }

    private void releaseAll() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        frameLength = NO_FRAME;
        prefix.clear();
    }

    private static TractException malformed(String text) {
        return new TractException(ErrorCode.MALFORMED, text);
    }
}
