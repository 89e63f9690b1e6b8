package io.tractfs.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceCrcsTest {
    private final Random random = new Random(11);

    @Test
    void isTheSameHoweverTheBytesCome() {
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(2_500)];
            random.nextBytes(bytes);
            int firstPiece = 1 + random.nextInt(512);
            PieceCrcs crcs = PieceCrcs.ofEach(firstPiece, bytes.length);
            PieceCrcs all = PieceCrcs.ofAll();
            feed(bytes, crcs);
            feed(bytes, all);
            assertThat(ints(crcs.finish()))
                    .as("%d bytes, first piece %d", bytes.length, firstPiece)
                    .isEqualTo(expected(bytes, firstPiece))
                    .hasSize(PieceCrcs.count(firstPiece, bytes.length));
            assertThat(ints(all.finish())).containsExactly(ChunkChecksums.plain(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void refusesPiecesThatAreNoPartOfAChunk() {
        assertThatThrownBy(() -> PieceCrcs.ofEach(0, 10)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> PieceCrcs.ofEach(513, 10)).hasMessageContaining("not 513");
    }

    private void feed(byte[] bytes, PieceCrcs crcs) {
        int at = 0;
        while (at < bytes.length) {
            int count = 1 + random.nextInt(bytes.length - at);
            crcs.update(ByteBuffer.wrap(bytes, at, count));
            at += count;
        }
    }

    private static List<Integer> expected(byte[] bytes, int firstPiece) {
        List<Integer> crcs = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int count = Math.min(at == 0 ? firstPiece : 512, bytes.length - at);
            crcs.add(ChunkChecksums.plain(ByteBuffer.wrap(bytes, at, count)));
            at += count;
        }
        return crcs;
    }

    private static List<Integer> ints(ByteBuffer bytes) {
        List<Integer> ints = new ArrayList<>();
        while (bytes.hasRemaining()) {
            ints.add(bytes.getInt());
        }
        return ints;
    }
}
