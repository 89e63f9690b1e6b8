package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import io.tractfs.tract.ranges.ByteRange;
import io.tractfs.tract.ranges.ByteRanges;
import io.tractfs.tract.ranges.PieceChecksums;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.nio.ByteBuffer;

/** Reads what is held of a tract and compares it with its checksums. All methods only read. */
final class TractScan {
    private static final int CHUNK = ChunkChecksums.CHUNK_SIZE;

    /** Bytes that are read at once. */
    private static final int STRETCH = 256 * CHUNK;

    private TractScan() {}

    /** The bytes of what is held that do not verify or cannot be read. */
    static ByteRanges bad(TractFile file, ByteRanges held, PieceChecksums pieces) {
        ByteRanges bad = ByteRanges.EMPTY;
        for (ByteRange range : held.minus(pieces.covered()).list()) {
            for (int from = range.from(); from < range.to(); from += STRETCH) {
                bad = bad.plus(badChunks(file, from, Math.min(range.to(), from + STRETCH)));
            }
        }
        for (Piece piece : pieces.all()) {
            if (held.contains(piece.from(), piece.to()) && !verifies(file, piece)) {
                bad = bad.plus(piece.from(), piece.to());
            }
        }
        return bad;
    }

    static boolean verifies(TractFile file, Piece piece) {
        try {
            return file.crcOf(piece.from(), piece.to()) == piece.crc();
        } catch (ReadFailedException e) {
            return false;
        }
    }

    /** Whole chunks against the checksums in the file. */
    private static ByteRanges badChunks(TractFile file, int from, int to) {
        TractId tract = file.header().tract();
        int firstChunk = from / CHUNK;
        int count = ChunkChecksums.chunkCount(to - from);
        ByteRanges bad = ByteRanges.EMPTY;
        try {
            ByteBuffer checksums = file.readChecksums(firstChunk, count);
            ByteBuffer data = file.readData(from, to);
            int size = data.remaining();
            for (int i = 0; i < count; i++) {
                int at = i * CHUNK;
                int end = Math.min(at + CHUNK, to - from);
                boolean verifies = end <= size
                        && checksums.getInt(i * Integer.BYTES)
                                == ChunkChecksums.bound(tract, firstChunk + i, data.slice(at, end - at));
                bad = verifies ? bad : bad.plus(from + at, from + end);
            }
            return bad;
        } catch (ReadFailedException e) {
            return to - from <= CHUNK ? ByteRanges.of(from, to) : badHalves(file, from, to);
        }
    }

    /** Narrows a read error down to the chunks that have it. */
    private static ByteRanges badHalves(TractFile file, int from, int to) {
        int middle = from + ChunkChecksums.chunkCount(to - from) / 2 * CHUNK;
        return badChunks(file, from, middle).plus(badChunks(file, middle, to));
    }
}
