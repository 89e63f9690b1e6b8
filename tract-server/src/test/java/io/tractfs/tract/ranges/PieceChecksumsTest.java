package io.tractfs.tract.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.checksum.ChunkChecksums;
import io.tractfs.tract.ranges.PieceChecksums.Piece;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceChecksumsTest {
    private static final int CHUNK = 512;

    @Test
    void joinsPiecesInAnyOrderIntoTheChecksumOfTheChunk() {
        byte[] bytes = new byte[2 * CHUNK];
        new Random(1).nextBytes(bytes);
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<ByteRange> parts = new ArrayList<>();
            for (int at = CHUNK; at < 2 * CHUNK; ) {
                int to = Math.min(2 * CHUNK, at + 1 + random.nextInt(200));
                parts.add(new ByteRange(at, to));
                at = to;
            }
            Collections.shuffle(parts, random);
            PieceChecksums pieces = new PieceChecksums(CHUNK);
            OptionalInt whole = OptionalInt.empty();
            for (ByteRange part : parts) {
                assertThat(whole).isEmpty();
                whole = pieces.add(part.from(), part.to(), crc(bytes, part.from(), part.to()));
                for (Piece piece : pieces.all()) {
                    assertThat(piece.crc()).as("seed %s", seed).isEqualTo(crc(bytes, piece.from(), piece.to()));
                }
            }
            assertThat(whole).as("seed %s", seed).hasValue(crc(bytes, CHUNK, 2 * CHUNK));
            assertThat(pieces.isEmpty()).isTrue();
        }
    }

    @Test
    void doesNotJoinPiecesOfDifferentChunks() {
        PieceChecksums pieces = new PieceChecksums(CHUNK);
        pieces.add(500, 512, 1);
        pieces.add(512, 520, 2);
        assertThat(pieces.all()).containsExactly(new Piece(500, 512, 1), new Piece(512, 520, 2));
        assertThat(pieces.ofChunk(1)).containsExactly(new Piece(512, 520, 2));
        pieces.removeWithin(519, 600);
        assertThat(pieces.covered()).isEqualTo(ByteRanges.of(500, 512));
    }

    private static int crc(byte[] bytes, int from, int to) {
        return ChunkChecksums.plain(ByteBuffer.wrap(bytes, from, to - from));
    }
}
