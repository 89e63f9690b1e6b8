package io.tractfs.tract.store;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A range open for reading. The reader closes it when the bytes are sent; the file stays readable until then though the
 * tract is removed meanwhile. Not thread-safe.
 *
 * @param checksums bound checksums of the covered chunks, big-endian
 * @param channel where the bytes are
 * @param channelPosition of the first byte in the channel
 * @param dataOffset offset of the first byte in the tract, a multiple of the chunk size
 * @param dataLength bytes
 * @param tractLength contiguous length of the tract when it was captured
 * @param release gives back what keeps the file open
 */
public record TractSlice(
        ByteBuffer checksums,
        FileChannel channel,
        long channelPosition,
        int dataOffset,
        int dataLength,
        int tractLength,
        Runnable release)
        implements AutoCloseable {
    @Override
    public void close() {
        release.run();
    }
}
