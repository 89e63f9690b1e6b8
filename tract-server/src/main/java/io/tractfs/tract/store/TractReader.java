package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.error.ErrorCode;
import io.tractfs.error.TractException;
import io.tractfs.id.TractId;
import io.tractfs.tract.format.TractLayout;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Captures a range of a tract with its checksums, so that exactly what they were made of is sent (C3). */
final class TractReader {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    private TractReader() {}

    /** A slice; the caller holds the tract's lock. */
    static TractSlice slice(OpenTract tract, int offset, int length) throws IOException {
        int tractLength = tract.extents().length();
        int from = offset / CHUNK * CHUNK;
        long wanted = ((long) offset + length + CHUNK - 1) / CHUNK * CHUNK;
        int to = length == 0 || offset >= tractLength ? from : (int) Math.min(tractLength, wanted);
        TractId id = tract.file().header().tract();
        if (!tract.extents().held().contains(from, to) || hasLostPiece(tract, from, to)) {
            throw new TractException(ErrorCode.DAMAGED, "tract " + id + ": damaged within " + from + " to " + to);
        }
        ByteBuffer checksums = checksums(tract, from, to);
        TractFile file = tract.file();
        file.retain();
        AtomicBoolean released = new AtomicBoolean();
        Runnable release = () -> {
            if (released.compareAndSet(false, true)) {
                file.release();
            }
        };
        return new TractSlice(
                checksums, file.channel(), file.dataPosition(from), from, to - from, tractLength, release);
    }

    /** Where the tract is; the caller holds its lock. Only what is sound from 0 on can be read without the store. */
    static Optional<TractLocation> location(OpenTract tract, Optional<Path> path) throws IOException {
        int length = tract.extents().length();
        if (path.isEmpty() || length == 0 || !tract.extents().damaged().isEmpty()) {
            return Optional.empty();
        }
        int tail = length % CHUNK == 0
                ? 0
                : checksums(tract, length / CHUNK * CHUNK, length).getInt();
        return Optional.of(
                new TractLocation(path.get(), (int) tract.file().dataPosition(0), TractLayout.CHECKSUMS, length, tail));
    }

    /** Whether the last chunk has damage beside what is asked, so that it has no checksum of its own. */
    private static boolean hasLostPiece(OpenTract tract, int from, int to) {
        return to > from && tract.extents().damagedChunks(CHUNK).intersects(from, to);
    }

    private static ByteBuffer checksums(OpenTract tract, int from, int to) throws IOException {
        int count = ChunkChecksums.chunkCount(to - from);
        int whole = (to - from) / CHUNK;
        int firstChunk = from / CHUNK;
        ByteBuffer checksums = ByteBuffer.allocate(count * Integer.BYTES);
        if (whole > 0) {
            checksums.put(tract.file().readChecksums(firstChunk, whole));
        }
        if (count > whole) {
            int chunk = firstChunk + whole;
            for (Piece piece : tract.pieces().ofChunk(chunk)) {
                if (piece.from() == chunk * CHUNK && piece.to() == to) {
                    checksums.putInt(piece.crc()
                            ^ ChunkChecksums.placeMix(tract.file().header().tract(), chunk));
                }
            }
        }
        return checksums.clear();
    }
}
