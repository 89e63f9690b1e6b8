package io.tractfs.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdTextTest {
    @Test
    void readsBackWhatItWrote() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            TractId tract = new TractId(new BlobId(random.nextLong()), random.nextInt(Integer.MAX_VALUE));
            assertThat(TractId.parse(tract.toString())).isEqualTo(tract);
        }
    }

    @Test
    void keepsEpochAndCounterApart() {
        BlobId blob = BlobId.of(new Epoch(BlobId.MAX_EPOCH), (1L << 40) - 1);
        assertThat(blob.epoch()).isEqualTo(new Epoch(BlobId.MAX_EPOCH));
        assertThat(blob.counter()).isEqualTo((1L << 40) - 1);
        assertThat(blob).isGreaterThan(BlobId.of(new Epoch(1), 0));
    }

    @Test
    void refusesWhatDoesNotFitAndNamesIt() {
        assertThatThrownBy(() -> BlobId.of(new Epoch(1), 1L << 40)).hasMessageContaining("1099511627776");
        assertThatThrownBy(() -> BlobId.parse("12")).hasMessageContaining("'12'");
        assertThatThrownBy(() -> TractId.parse("00000000000000001")).hasMessageContaining("Tract id is");
    }
}
