package io.tractfs.client.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tractfs.client.Segment;
import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FileLayoutTest {
    private static Segment segment(long blob, long length) {
        return new Segment(new BlobId(blob), length, 1024, 3, true);
    }

    @Test
    void findsTractsAcrossSegmentsOfAnyLength() {
        FileLayout layout = new FileLayout(List.of(segment(1, 2000), segment(2, 0), segment(3, 500)));
        assertThat(layout.length()).isEqualTo(2500);
        assertThat(layout.rangeAt(0, 5000, 1024)).isEqualTo(new TractRange(new TractId(new BlobId(1), 0), 3, 0, 1024));
        assertThat(layout.rangeAt(1999, 5000, 1024))
                .isEqualTo(new TractRange(new TractId(new BlobId(1), 1), 3, 975, 1));
        assertThat(layout.rangeAt(2000, 5000, 1024))
                .isEqualTo(new TractRange(new TractId(new BlobId(3), 0), 3, 0, 500));
        assertThatThrownBy(() -> layout.rangeAt(2500, 1, 1024)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void cutsAtMultiplesOfThePiece() {
        FileLayout layout = new FileLayout(List.of(segment(1, 2000)));
        assertThat(layout.ranges(100, 1500, 512)).extracting(TractRange::length).containsExactly(412, 512, 512, 64);
    }

    @Test
    void coversEveryStretchWithoutGapOrOverlap() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FileLayout layout = new FileLayout(
                    List.of(segment(1, random.nextInt(3000)), segment(2, random.nextInt(3000)), segment(3, 1L)));
            long from = random.nextLong(layout.length());
            long count = 1 + random.nextLong(layout.length() - from);
            List<TractRange> ranges = layout.ranges(from, count, 256);
            assertThat(ranges.stream().mapToLong(TractRange::length).sum())
                    .as("seed " + seed)
                    .isEqualTo(count);
            assertThat(ranges).allSatisfy(range -> assertThat(range.end()).isLessThanOrEqualTo(1024));
        }
    }
}
