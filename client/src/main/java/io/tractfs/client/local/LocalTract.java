package io.tractfs.client.local;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The file of one tract, open for reading. Every chunk is verified with the checksum in the file, which binds it to its
 * place; so a file that was cut, emptied, damaged or replaced is noticed, whatever happened. Counts its users; the last
 * one to leave closes it. Thread-safe; an interrupted reader closes the file for all (they fail with an I/O error).
 */
public final class LocalTract {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;
    /** Bytes that are verified and copied at once: they stay in a core's cache between the two. */
    private static final int BLOCK = 128 << 10;

    private final TractId tract;
    private final Place place;
    private final FileChannel file;
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * Where a store said that a tract is.
     *
     * @param file absolute path
     * @param dataPosition of the tract's first byte
     * @param checksumsPosition of the checksums of whole chunks
     * @param length bytes that are there from 0 on
     * @param tailChecksum of the last chunk if it is not whole
     */
    public record Place(Path file, int dataPosition, int checksumsPosition, int length, int tailChecksum) {}

    private LocalTract(TractId tract, Place place, FileChannel file) {
        this.tract = tract;
        this.place = place;
        this.file = file;
    }

    /** Opens the file; its first user is the caller. */
    static LocalTract open(TractId tract, Place place) throws IOException {
        return new LocalTract(tract, place, FileChannel.open(place.file(), StandardOpenOption.READ));
    }

    int length() {
        return place.length();
    }

    /** Becomes a user; false if the file is closed already. */
    boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Stops being a user. */
    void release() throws IOException {
        if (users.decrementAndGet() == 0) {
            file.close();
        }
    }

    /**
     * Reads verified bytes.
     *
     * @param from offset in the tract
     * @param count at least 1; the range ends within {@link #length()}
     * @param target has room for them; its position moves behind them, or stays if this fails
     * @throws DamagedFileException if a chunk does not verify
     */
    void read(int from, int count, ByteBuffer target, ByteBufAllocator allocator) throws IOException {
        int start = from / CHUNK * CHUNK;
        int end = (int) Math.min(place.length(), ((long) from + count + CHUNK - 1) / CHUNK * CHUNK);
        int mark = target.position();
        int checksumBytes = ChunkChecksums.chunkCount(end - start) * Integer.BYTES;
        int block = Math.min(BLOCK, end - start);
        ByteBuf scratch = allocator.directBuffer(checksumBytes + block, checksumBytes + block);
        boolean complete = false;
        try {
            ByteBuffer checksums = scratch.nioBuffer(0, checksumBytes);
            readChecksums(start, end, checksums);
            for (int at = start; at < end; at += BLOCK) {
                int stop = Math.min(end, at + BLOCK);
                ByteBuffer data = scratch.nioBuffer(checksumBytes, stop - at);
                readFully(data, (long) place.dataPosition() + at);
                verify(at, data, checksums.position((at - start) / CHUNK * Integer.BYTES));
                int first = Math.max(from, at);
                target.put(data.position(first - at).limit(Math.min(from + count, stop) - at));
            }
            complete = true;
        } finally {
            scratch.release();
            if (!complete) {
                target.position(mark);
            }
        }
    }

    private void readChecksums(int start, int end, ByteBuffer checksums) throws IOException {
        int whole = (end - start) / CHUNK;
        if (whole > 0) {
            ByteBuffer stored = checksums.duplicate().limit(whole * Integer.BYTES);
            readFully(stored, (long) place.checksumsPosition() + (long) start / CHUNK * Integer.BYTES);
        }
        if (end % CHUNK != 0) {
            checksums.putInt(whole * Integer.BYTES, place.tailChecksum());
        }
    }

    private void verify(int at, ByteBuffer data, ByteBuffer checksums) throws DamagedFileException {
        int bad = ChunkChecksums.firstBad(tract, at / CHUNK, data, checksums);
        if (bad >= 0) {
            throw new DamagedFileException(
                    "Chunk " + bad + " of tract " + tract + " does not verify in " + place.file(), bad * CHUNK);
        }
    }

    /** Fills the buffer and flips it. */
    private void readFully(ByteBuffer buffer, long position) throws IOException {
        int start = buffer.position();
        while (buffer.hasRemaining()) {
            int count = file.read(buffer, position + buffer.position() - start);
            if (count < 0) {
                throw new EOFException(
                        place.file() + " ends before " + (position + buffer.limit()) + ": it was cut meanwhile");
            }
        }
        buffer.position(start);
    }

    /** A chunk of the file does not verify. */
    static final class DamagedFileException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int offset;

        private DamagedFileException(String message, int offset) {
            super(message);
            this.offset = offset;
        }

        /** Where the chunk begins in the tract. */
        int offset() {
            return offset;
        }
    }
}
