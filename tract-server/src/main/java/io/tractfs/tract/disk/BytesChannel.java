package io.tractfs.tract.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Bytes in memory that are read as a file is, for slices of tracts that are not on a disk. Not thread-safe. */
public final class BytesChannel extends FileChannel {
    private final byte[] bytes;
    private int position;

    /** Bytes that are not copied. */
    public BytesChannel(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer target) {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long from) {
        if (from >= bytes.length) {
            return -1;
        }
        int count = Math.min(target.remaining(), bytes.length - (int) from);
        target.put(bytes, (int) from, count);
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        long total = 0;
        for (int i = offset; i < offset + length && position < bytes.length; i++) {
            total += Math.max(0, read(targets[i]));
        }
        return total == 0 && position >= bytes.length ? -1 : total;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        if (from >= bytes.length) {
            return 0;
        }
        return target.write(ByteBuffer.wrap(bytes, (int) from, (int) Math.min(count, bytes.length - from)));
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = (int) Math.min(bytes.length, newPosition);
        return this;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public void force(boolean metaData) {}

    @Override
    protected void implCloseChannel() {}

    @Override
    public int write(ByteBuffer source) {
        throw readOnly();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw readOnly();
    }

    @Override
    public int write(ByteBuffer source, long at) {
        throw readOnly();
    }

    @Override
    public FileChannel truncate(long size) {
        throw readOnly();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw readOnly();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw readOnly();
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw readOnly();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("Bytes in memory are only read");
    }
}
