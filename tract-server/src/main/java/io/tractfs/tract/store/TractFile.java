package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.disk.DiskFile;
import io.tractfs.tract.format.TractHeader;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.format.TractSlot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads and writes the parts of one tract file. Counts its users: the cache that opened it and every slice that is being
 * sent; the last one to leave closes it. Thread-safe as far as callers write different parts.
 */
final class TractFile {
    private final DiskFile file;
    private final TractHeader header;
    private final int dataOffset;
    private final AtomicInteger users = new AtomicInteger(1);

    TractFile(DiskFile file, TractHeader header) {
        this.file = file;
        this.header = header;
        this.dataOffset = TractLayout.data(header.tractSize());
    }

    TractHeader header() {
        return header;
    }

    /** Header, first slot and first checksums in one write; the data is there already. */
    void writeBeginning(TractSlot slot, ByteBuffer checksums) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(TractLayout.CHECKSUMS + checksums.remaining());
        header.encode(page);
        slot.encodeTwice(page.position(TractLayout.slot(0)));
        page.position(TractLayout.CHECKSUMS).put(checksums);
        file.write(page.flip(), 0);
    }

    void writeHeader() throws IOException {
        ByteBuffer page = ByteBuffer.allocate(TractHeader.SIZE);
        header.encode(page);
        file.write(page.flip(), 0);
    }

    void writeSlot(int index, TractSlot slot) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(TractSlot.BOTH);
        slot.encodeTwice(target);
        file.write(target.flip(), TractLayout.slot(index));
    }

    /** Takes away what is in a slot's place. */
    void clearSlot(int index) throws IOException {
        file.write(ByteBuffer.allocate(TractSlot.BOTH), TractLayout.slot(index));
    }

    /** Where the file ends, as an offset of the tract; what is beyond the tract's size counts as nothing. */
    int end() throws ReadFailedException {
        try {
            return (int) Math.max(0, Math.min(header.tractSize(), file.size() - dataOffset));
        } catch (IOException e) {
            throw new ReadFailedException("size of tract " + header.tract() + " cannot be read", e);
        }
    }

    void writeData(ByteBuffer data, int offset) throws IOException {
        file.write(data, (long) dataOffset + offset);
    }

    void writeChecksums(int firstChunk, ByteBuffer checksums) throws IOException {
        file.write(checksums, TractLayout.checksum(firstChunk));
    }

    /** Bytes of data; what the file does not have is missing at the end. */
    ByteBuffer readData(int from, int to) throws ReadFailedException {
        return read((long) dataOffset + from, to - from);
    }

    /** Checksums of whole chunks, each 4 bytes; what the file does not have is zero. */
    ByteBuffer readChecksums(int firstChunk, int count) throws ReadFailedException {
        int size = count * Integer.BYTES;
        ByteBuffer read = read(TractLayout.checksum(firstChunk), size);
        return read.remaining() == size
                ? read
                : ByteBuffer.allocate(size).put(read).clear();
    }

    /** Plain CRC32C of a stretch of data; empty bytes at the end of the file count as none. */
    int crcOf(int from, int to) throws ReadFailedException {
        return ChunkChecksums.plain(readData(from, to));
    }

    void force() throws IOException {
        file.force();
    }

    FileChannel channel() throws IOException {
        return file.channel();
    }

    long dataPosition(int offset) {
        return (long) dataOffset + offset;
    }

    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                file.close();
            } catch (IOException e) {
                // Closing says nothing about the bytes: what had to be durable was forced before.
                org.slf4j.LoggerFactory.getLogger(TractFile.class).warn("tract={} close failed", header.tract(), e);
            }
        }
    }

    private ByteBuffer read(long position, int size) throws ReadFailedException {
        ByteBuffer target = ByteBuffer.allocate(size);
        try {
            file.read(target, position);
        } catch (IOException e) {
            throw new ReadFailedException("tract " + header.tract() + " cannot be read at " + position, e);
        }
        return target.flip();
    }
}
