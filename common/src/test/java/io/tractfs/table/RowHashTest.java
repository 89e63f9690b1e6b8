package io.tractfs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.tractfs.id.BlobId;
import io.tractfs.id.TractId;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowHashTest {
    /** The hash is part of the layout: these values may never change within a layout version. */
    @Test
    void keepsItsGoldenValues() {
        assertThat(RowHash.hash(new BlobId(0))).isZero();
        assertThat(RowHash.hash(new BlobId(1))).isEqualTo(0xb456bcfc34c2cb2cL);
        assertThat(RowHash.hash(new BlobId(0x0000_0100_0000_00a7L))).isEqualTo(0xe2ddb5af9419517cL);
    }

    @Test
    void putsNeighbouringTractsOnNeighbouringRows() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 1_000; i++) {
            BlobId blob = new BlobId(random.nextLong());
            int first = RowHash.rowOf(new TractId(blob, 0), 4096);
            assertThat(RowHash.rowOf(new TractId(blob, 5), 4096)).isEqualTo((first + 5) % 4096);
        }
    }

    @Test
    void spreadsConsecutiveBlobsEvenly() {
        int[] counts = new int[64];
        for (int i = 0; i < 64_000; i++) {
            counts[RowHash.rowOf(new TractId(new BlobId((1L << 40) + i), 0), 64)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(850, 1150);
        }
    }
}
