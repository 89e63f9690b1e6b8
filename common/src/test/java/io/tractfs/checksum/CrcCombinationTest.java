package io.tractfs.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrcCombinationTest {
    @Test
    void combinesPartsOfEverySizeIntoTheChecksumOfTheWhole() {
        Random random = new Random(7);
        for (int length = 0; length < 1100; length++) {
            byte[] bytes = new byte[length + random.nextInt(700)];
            random.nextBytes(bytes);
            int first = ChunkChecksums.plain(ByteBuffer.wrap(bytes, 0, length));
            int second = ChunkChecksums.plain(ByteBuffer.wrap(bytes, length, bytes.length - length));
            assertThat(CrcCombination.combine(first, second, bytes.length - length))
                    .as("parts of %s and %s", length, bytes.length - length)
                    .isEqualTo(ChunkChecksums.plain(ByteBuffer.wrap(bytes)));
        }
    }
}
