package io.tractfs.tract.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.tract.disk.BytesChannel;
import io.tractfs.tract.store.TractSlice;
import io.tractfs.wire.rpc.Body;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The pages of a slice as they go to the socket without passing through the heap; the native transport does so for this
 * type alone. Gives the slice back, instead of closing its file, when it is released. Not thread-safe.
 */
final class SliceRegion extends DefaultFileRegion {
    private final TractSlice slice;

    private SliceRegion(TractSlice slice) {
        super(slice.channel(), slice.channelPosition(), slice.dataLength());
        this.slice = slice;
    }

    /**
     * The body of an answer: the checksums, then the pages. Takes the slice over. Bytes that are in no file, as those of
     * the storage in memory, are copied.
     */
    static Body body(TractSlice slice) throws TractException {
        ByteBuf checksums = Unpooled.wrappedBuffer(slice.checksums());
        if (!(slice.channel() instanceof BytesChannel)) {
            return Body.of(checksums, new SliceRegion(slice));
        }
        try (slice) {
            ByteBuffer copy = ByteBuffer.allocate(slice.dataLength());
            int count = 0;
            while (copy.hasRemaining() && count >= 0) {
                count = slice.channel().read(copy, slice.channelPosition() + copy.position());
            }
            return Body.of(Unpooled.wrappedBuffer(checksums, Unpooled.wrappedBuffer(copy.flip())));
        } catch (IOException e) {
            throw new TractException(ErrorCode.IO_ERROR, "bytes in memory cannot be read", e);
        }
    }

    @Override
    protected void deallocate() {
        slice.close();
    }
}
