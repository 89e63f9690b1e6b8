package io.tractfs.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CombinedCrcTest {
    @Test
    void joinsRunsOfAnyLength() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(3_000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            int first = ChunkChecksums.plain(ByteBuffer.wrap(bytes, 0, cut));
            int second = ChunkChecksums.plain(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            assertThat(CombinedCrc.of(first, second, bytes.length - cut))
                    .as("%d bytes cut at %d", bytes.length, cut)
                    .isEqualTo(ChunkChecksums.plain(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void joinsRunsThatAreLongerThanAnArray() {
        // Zeros by doubling, and the same in one step.
        int doubled = ChunkChecksums.plain(ByteBuffer.wrap(new byte[1]));
        for (int i = 0; i < 40; i++) {
            doubled = CombinedCrc.of(doubled, doubled, 1L << i);
        }
        int half = ChunkChecksums.plain(ByteBuffer.wrap(new byte[1]));
        for (int i = 0; i < 39; i++) {
            half = CombinedCrc.of(half, half, 1L << i);
        }
        assertThat(CombinedCrc.of(half, half, 1L << 39)).isEqualTo(doubled);
        int empty = ChunkChecksums.plain(ByteBuffer.allocate(0));
        assertThat(CombinedCrc.of(empty, doubled, 1L << 40)).isEqualTo(doubled);
        assertThat(CombinedCrc.of(doubled, empty, 0)).isEqualTo(doubled);
    }

    @Test
    void refusesNegativeLengths() {
        assertThatThrownBy(() -> CombinedCrc.of(1, 2, -1)).hasMessageContaining("-1");
    }
}
