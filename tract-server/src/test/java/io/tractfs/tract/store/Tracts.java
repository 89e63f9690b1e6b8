package io.tractfs.tract.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.id.BlobId;
import io.tractfs.id.Generation;
import io.tractfs.id.RowVersion;
import io.tractfs.id.TractId;
import io.tractfs.table.RowHash;
import io.tractfs.tract.store.TractStorage.ReconciledBytes;
import io.tractfs.tract.store.TractStorage.TractWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** Writes and reads of tracts for tests; the bytes of a tract are a function of its id, so everyone knows them. */
final class Tracts {
    static final int ROWS = 64;
    static final int SIZE = 65536;

    private Tracts() {}

    static TractId tract(long blob, int index) {
        return new TractId(new BlobId(blob), index);
    }

    static int row(TractId tract) {
        return RowHash.rowOf(tract, ROWS);
    }

    static byte[] bytes(TractId tract, int from, int to) {
        byte[] all = new byte[SIZE];
        new Random(tract.blob().value() * 31 + tract.index()).nextBytes(all);
        return java.util.Arrays.copyOfRange(all, from, to);
    }

    static Builder write(TractId tract, int from, int to) {
        return new Builder(tract, from, bytes(tract, from, to));
    }

    static TractState source(TractId tract, int length, long generation, long version) {
        return new TractState(
                tract, length, List.of(), new Generation(generation), new RowVersion(version), 3, SIZE, 0, List.of());
    }

    /** What a holder gives of a tract. */
    static ReconciledBytes reconciled(TractId tract, int from, int to) {
        return reconciled(source(tract, to, 1, 5), from, to);
    }

    /** What a holder gives of a longer tract. */
    static ReconciledBytes reconciled(TractState source, int from, int to) {
        TractId tract = source.tract();
        ByteBuffer data = ByteBuffer.wrap(bytes(tract, from, to));
        ByteBuffer checksums = ByteBuffer.allocate(ChunkChecksums.chunkCount(to - from) * Integer.BYTES);
        ChunkChecksums.compute(tract, from / ChunkChecksums.CHUNK_SIZE, data, checksums);
        return new ReconciledBytes(source, row(tract), from, checksums.flip(), data);
    }

    /** Reads a range, verifies it with the checksums that came with it, and compares it with what was written. */
    static void assertReads(TractStorage storage, TractId tract, int from, int to) throws IOException {
        try (TractSlice slice = storage.read(tract, from, to - from)) {
            ByteBuffer data = ByteBuffer.allocate(slice.dataLength());
            for (int count = 1; data.hasRemaining() && count > 0; ) {
                count = slice.channel().read(data, slice.channelPosition() + data.position());
            }
            data.flip();
            int chunk = slice.dataOffset() / ChunkChecksums.CHUNK_SIZE;
            assertThat(ChunkChecksums.firstBad(tract, chunk, data, slice.checksums()))
                    .as("first bad chunk of %s from %s", tract, from)
                    .isEqualTo(-1);
            assertThat(slice.dataOffset()).isLessThanOrEqualTo(from);
            int end = slice.dataOffset() + slice.dataLength();
            assertThat(end).isGreaterThanOrEqualTo(Math.min(to, slice.tractLength()));
            assertThat(data.array()).isEqualTo(bytes(tract, slice.dataOffset(), end));
        }
    }

    /** A write, with what most tests do not care about filled in. */
    static final class Builder {
        private final TractId tract;
        private final int offset;
        private final ByteBuf data;
        private long generation = 1;
        private long version = 5;
        private long acknowledged;
        private boolean ranges;
        private boolean sync;
        private int tractSize = SIZE;

        Builder(TractId tract, int offset, byte[] data) {
            this.tract = tract;
            this.offset = offset;
            this.data = Unpooled.wrappedBuffer(data);
        }

        Builder generation(long value) {
            generation = value;
            return this;
        }

        Builder version(long value) {
            version = value;
            return this;
        }

        Builder acknowledged(long value) {
            acknowledged = value;
            return this;
        }

        Builder tractSize(int value) {
            tractSize = value;
            return this;
        }

        Builder withRanges() {
            ranges = true;
            return this;
        }

        Builder synced() {
            sync = true;
            return this;
        }

        TractWrite build() {
            ByteBuffer pieces = Pieces.checksums(tract, offset, data.nioBuffer());
            return new TractWrite(
                    tract,
                    row(tract),
                    version,
                    new Generation(generation),
                    offset,
                    pieces,
                    data,
                    tractSize,
                    3,
                    acknowledged,
                    ranges,
                    sync);
        }

        TractState to(TractStorage storage) throws IOException {
            return storage.write(build());
        }
    }
}
