package io.tractfs.metadata.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowNumbersTest {
    @Test
    void holdsWhatASetHolds() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RowNumbers numbers = new RowNumbers();
            Set<Integer> expected = new TreeSet<>();
            for (int i = 0; i < 2_000; i++) {
                int row = random.nextInt(1 << 20);
                numbers.add(row);
                expected.add(row);
                numbers.add(row);
            }
            numbers.retain(row -> row % 3 != 0);
            expected.removeIf(row -> row % 3 == 0);

            assertThat(all(numbers)).as("seed " + seed).isEqualTo(expected);
            assertThat(numbers.count()).isEqualTo(expected.size());
        }
    }

    @Test
    void holdsNothingAtFirst() {
        assertThat(all(new RowNumbers())).isEmpty();
    }

    @Test
    void holdsTheFirstRow() {
        RowNumbers numbers = new RowNumbers();
        numbers.add(0);
        assertThat(all(numbers)).containsExactly(0);
    }

    private static Set<Integer> all(RowNumbers numbers) {
        Set<Integer> all = new TreeSet<>();
        numbers.forEach(all::add);
        return all;
    }
}
