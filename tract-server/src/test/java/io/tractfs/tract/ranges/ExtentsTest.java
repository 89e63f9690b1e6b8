package io.tractfs.tract.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    @Test
    void countsDamageIntoTheLengthAndDropsItBeyond() {
        Extents extents = Extents.ofLength(1000).withDamaged(200, 300).withHeld(1500, 1600);
        assertThat(extents.length()).isEqualTo(1000);
        assertThat(extents.beyond()).isEqualTo(ByteRanges.of(1500, 1600));
        assertThat(extents.damagedChunks(512)).isEqualTo(ByteRanges.of(0, 512));
        assertThat(extents.withDamaged(1200, 1300).damaged()).isEqualTo(ByteRanges.of(200, 300));
        assertThat(extents.withDamaged(1000, 1500).length()).isEqualTo(1600);
    }

    @Test
    void treatsDamagedBytesAsFreshAndHeldOnesAsToBeCompared() {
        Extents extents = Extents.ofLength(1000).withDamaged(200, 300);
        assertThat(extents.fresh(100, 1100)).isEqualTo(ByteRanges.of(200, 300).plus(1000, 1100));
        assertThat(extents.toCompare(100, 1100))
                .isEqualTo(ByteRanges.of(100, 200).plus(300, 1000));
        assertThat(extents.withHeld(100, 1100)).isEqualTo(Extents.ofLength(1100));
    }

    @Test
    void joinsARangeWhenItsBaseArrives() {
        Extents extents = Extents.NONE.withHeld(500, 700);
        assertThat(extents.length()).isZero();
        extents = extents.withHeld(0, 512);
        assertThat(extents.length()).isEqualTo(700);
        assertThat(extents.beyond().isEmpty()).isTrue();
        assertThat(extents.cutTo(600)).isEqualTo(Extents.ofLength(600));
    }

    @Test
    void keepsHeldAndDamagedApartAndDamageBelowTheLength() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            Extents extents = Extents.NONE;
            for (int step = 0; step < 20; step++) {
                int from = random.nextInt(60);
                int to = from + 1 + random.nextInt(20);
                ByteRanges held = extents.held();
                int length = extents.length();
                extents = switch (random.nextInt(5)) {
                    case 0 -> extents.withDamaged(from, to);
                    case 1 -> extents.without(from, to);
                    case 2 -> extents.cutTo(from);
                    default -> extents.withHeld(from, to);
                };
                assertThat(extents.held().intersect(extents.damaged()).isEmpty())
                        .isTrue();
                assertThat(extents.damaged().end()).as("seed %s", seed).isLessThanOrEqualTo(extents.length());
                ByteRanges all = extents.held().plus(extents.damaged());
                assertThat(extents.length()).isEqualTo(all.contiguousEnd(0));
                assertThat(extents.beyond()).isEqualTo(extents.held().minus(0, extents.length()));
                assertThat(length >= 0 && held.size() >= 0).isTrue();
            }
        }
    }
}
