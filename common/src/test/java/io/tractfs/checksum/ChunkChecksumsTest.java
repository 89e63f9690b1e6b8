package io.tractfs.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkChecksumsTest {
    private static final TractId TRACT = new TractId(new BlobId(42), 3);

    @Test
    void plainChecksumIsTheStandardOne() {
        ByteBuffer check = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(ChunkChecksums.plain(check)).isEqualTo(0xe3069283);
        assertThat(check.position()).isZero();
    }

    @Test
    void findsAnyFlippedBitAndItsChunk() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[1 + random.nextInt(4_000)];
            random.nextBytes(bytes);
            ByteBuffer sums = ByteBuffer.allocate(4 * ChunkChecksums.chunkCount(bytes.length));
            ChunkChecksums.compute(TRACT, 5, ByteBuffer.wrap(bytes), sums);
            sums.flip();
            assertThat(ChunkChecksums.firstBad(TRACT, 5, ByteBuffer.wrap(bytes), sums))
                    .as("seed %d", seed)
                    .isEqualTo(-1);
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(ChunkChecksums.firstBad(TRACT, 5, ByteBuffer.wrap(bytes), sums))
                    .as("seed %d", seed)
                    .isEqualTo(5 + at / ChunkChecksums.CHUNK_SIZE);
        }
    }

    @Test
    void bytesOfAnotherPlaceDoNotVerify() {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        int here = ChunkChecksums.bound(TRACT, 0, bytes);
        assertThat(ChunkChecksums.bound(TRACT, 1, bytes)).isNotEqualTo(here);
        assertThat(ChunkChecksums.bound(new TractId(TRACT.blob(), 4), 0, bytes)).isNotEqualTo(here);
        assertThat(ChunkChecksums.bound(new TractId(new BlobId(43), 3), 0, bytes))
                .isNotEqualTo(here);
    }
}
