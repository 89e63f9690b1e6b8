package io.tractfs.tract.ranges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {
    private static final int SIZE = 40;

    @Test
    void joinsRangesThatTouch() {
        ByteRanges ranges = ByteRanges.of(List.of(new ByteRange(5, 10), new ByteRange(0, 3), new ByteRange(3, 5)));
        assertThat(ranges.list()).containsExactly(new ByteRange(0, 10));
        assertThat(ranges).isEqualTo(ByteRanges.of(0, 10));
    }

    @Test
    void refusesAnEmptyRange() {
        assertThatThrownBy(() -> new ByteRange(4, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ByteRanges.of(4, 4).isEmpty()).isTrue();
    }

    @Test
    void widensToWholeChunks() {
        assertThat(ByteRanges.of(513, 1025).roundedOut(512)).isEqualTo(ByteRanges.of(512, 1536));
        assertThat(ByteRanges.of(512, 1024).roundedOut(512)).isEqualTo(ByteRanges.of(512, 1024));
    }

    @Test
    void agreesWithASetOfBits() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            BitSet oneBits = new BitSet();
            BitSet otherBits = new BitSet();
            ByteRanges one = random(random, oneBits);
            ByteRanges other = random(random, otherBits);
            assertSame(seed, one, oneBits);
            assertSame(seed, one.plus(other), combined(oneBits, otherBits, BitSet::or));
            assertSame(seed, one.minus(other), combined(oneBits, otherBits, BitSet::andNot));
            assertSame(seed, one.intersect(other), combined(oneBits, otherBits, BitSet::and));
            int from = random.nextInt(SIZE);
            int to = from + random.nextInt(SIZE - from + 1);
            BitSet within = new BitSet();
            within.set(from, to);
            assertThat(one.intersects(from, to)).as("seed %s", seed).isEqualTo(oneBits.intersects(within));
            assertThat(one.contains(from, to))
                    .as("seed %s", seed)
                    .isEqualTo(combined(within, oneBits, BitSet::andNot).isEmpty());
            assertThat(one.contiguousEnd(from)).as("seed %s", seed).isEqualTo(oneBits.nextClearBit(from));
        }
    }

    private interface Combination {
        void apply(BitSet target, BitSet other);
    }

    private static BitSet combined(BitSet one, BitSet other, Combination combination) {
        BitSet result = (BitSet) one.clone();
        combination.apply(result, other);
        return result;
    }

    private static ByteRanges random(Random random, BitSet bits) {
        ByteRanges ranges = ByteRanges.EMPTY;
        for (int i = random.nextInt(8); i > 0; i--) {
            int from = random.nextInt(SIZE);
            int to = from + random.nextInt(SIZE - from + 1);
            boolean add = random.nextInt(4) > 0;
            ranges = add ? ranges.plus(from, to) : ranges.minus(from, to);
            bits.set(from, to, add);
        }
        return ranges;
    }

    private static void assertSame(int seed, ByteRanges ranges, BitSet bits) {
        BitSet actual = new BitSet();
        ByteRange before = null;
        for (ByteRange range : ranges.list()) {
            actual.set(range.from(), range.to());
            assertThat(before == null || before.to() < range.from())
                    .as("seed %s: %s", seed, ranges)
                    .isTrue();
            before = range;
        }
        assertThat(actual).as("seed %s", seed).isEqualTo(bits);
        assertThat(ranges.size()).isEqualTo(bits.cardinality());
        assertThat(ranges.end()).isEqualTo(bits.length());
    }
}
