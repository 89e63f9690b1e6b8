package io.tractfs.tract.store;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.TractId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Checksums of chunks that became whole, in ascending order, to be written with one write per run. Not thread-safe. */
final class ChunkRuns {
    private final TractId tract;
    private int[] chunks = new int[16];
    private int[] checksums = new int[16];
    private int count;

    ChunkRuns(TractId tract) {
        this.tract = tract;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(int chunk, int plainCrc) {
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, count * 2);
            checksums = Arrays.copyOf(checksums, count * 2);
        }
        chunks[count] = chunk;
        checksums[count] = plainCrc ^ ChunkChecksums.placeMix(tract, chunk);
        count++;
    }

    /** Takes the checksums if they are one run from the first chunk on; else none. */
    ByteBuffer takeBeginning() {
        if (count == 0 || chunks[0] != 0 || chunks[count - 1] != count - 1) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer beginning = encode(0, count);
        count = 0;
        return beginning;
    }

    void writeTo(TractFile file) throws IOException {
        for (int start = 0, end; start < count; start = end) {
            end = start + 1;
            while (end < count && chunks[end] == chunks[end - 1] + 1) {
                end++;
            }
            file.writeChecksums(chunks[start], encode(start, end));
        }
    }

    private ByteBuffer encode(int start, int end) {
        ByteBuffer run = ByteBuffer.allocate((end - start) * Integer.BYTES);
        for (int i = start; i < end; i++) {
            run.putInt(checksums[i]);
        }
        return run.flip();
    }
}
